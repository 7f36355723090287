/* SPDX-License-Identifier: BSD-2-Clause */
/* A negative size is more than there is. */

BEGIN { this->p = alloca(-1); }
