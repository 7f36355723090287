/* SPDX-License-Identifier: BSD-2-Clause */
/* A clause-local variable that is never assigned. */

BEGIN { printf("%d", this->nosuch); }
