/* SPDX-License-Identifier: BSD-2-Clause */
/* bcopy() needs a size. */

BEGIN { this->p = alloca(8); bcopy(this->p, this->p); }
