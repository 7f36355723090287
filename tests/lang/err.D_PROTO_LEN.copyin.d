/* SPDX-License-Identifier: BSD-2-Clause */
/* copyin() needs a size. */

BEGIN { this->p = copyin(0); }
