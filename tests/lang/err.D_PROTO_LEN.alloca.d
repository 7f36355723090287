/* SPDX-License-Identifier: BSD-2-Clause */
/* alloca() needs a size. */

BEGIN { this->p = alloca(); }
