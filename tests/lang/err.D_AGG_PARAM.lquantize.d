/* SPDX-License-Identifier: BSD-2-Clause */
/* lquantize without its bounds being constants. */

BEGIN { @a = lquantize(5, pid, 100); }
