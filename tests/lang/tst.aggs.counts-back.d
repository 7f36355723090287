/* SPDX-License-Identifier: BSD-2-Clause */
/* Histograms whose counts came back to nothing are drawn, those that never were used are not. */
#pragma D option quiet

BEGIN
{
	@powers = quantize(1);
	@powers = quantize(1, -1);
	@levels = lquantize(3, 0, 9, 3, 2);
	@levels = lquantize(3, 0, 9, 3, -2);
	@orders = llquantize(1, 10, 0, 2, 10, 0);
	@below = quantize(5, -1);
	@keyed["x"] = quantize(4, 0);
	exit(0);
}

tick-1h
{
	@never = quantize(1, 1);
}
