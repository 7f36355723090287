/* SPDX-License-Identifier: BSD-2-Clause */
/* lquantize with its bounds the wrong way round. */

BEGIN { @a = lquantize(5, 10, 1); }
