/* SPDX-License-Identifier: BSD-2-Clause */
/* agghist, aggpack: keys with bars, histograms as lines. */
#pragma D option quiet
#pragma D option agghist
#pragma D option aggpack
#pragma D option encoding=ascii

BEGIN
{
	@calls["read", (int32_t)1] = sum(10);
	@calls["write", (int32_t)2] = sum(30);
	@signs["up"] = sum(6);
	@signs["down"] = sum(-3);
	@powers["a"] = quantize(1);
	@powers["a"] = quantize(5, 7);
	@powers["b"] = quantize(100, 3);
	@powers["c"] = quantize(0);
	@levels["x"] = lquantize(15, 0, 100, 10);
	@levels["y"] = lquantize(-5, 0, 100, 10);
	@levels["y"] = lquantize(205, 0, 100, 10, 3);
	@alone = count();
	@plain["p"] = max(4);
	printa("by format %s %@d\n", @signs);
	printa(@signs);
	exit(0);
}
