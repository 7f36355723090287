/* SPDX-License-Identifier: BSD-2-Clause */
/* stringof a struct. */

BEGIN { s = stringof(*curthread); }
