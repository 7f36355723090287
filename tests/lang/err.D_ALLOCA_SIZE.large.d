/* SPDX-License-Identifier: BSD-2-Clause */
/* More than there is. */

BEGIN { this->p = alloca(1000000); }
