/* SPDX-License-Identifier: BSD-2-Clause */
/* sum() needs a value. */

BEGIN { @a = sum(); }
