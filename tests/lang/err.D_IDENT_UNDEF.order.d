/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable that is assigned only further down. */

BEGIN { printf("%d", this->x); this->x = 1; }
