/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * quantize(expr[, increment]): counts by power of two. 127 words: the middle one
 * counts zeros, the k-th above it values from 2^(k-1) to 2^k - 1, the k-th below
 * it their negatives; the outermost take all the rest.
 */
#include "agg/histogram.h"

#include <inttypes.h>
#include <stdio.h>

#define ZERO 63
#define BINS (2 * ZERO + 1)

static uint32_t quantize_nwords(const int64_t *params, int nparams)
{
	(void)params, (void)nparams;
	return BINS;
}

/*
 * bits = the number of bits that value, >= 0, needs: 0 to 63. Without branches,
 * so the verifier has one path to walk: for each power of two, step is the
 * sign of (2^n - 1 - rest), which is n if the rest needs more than n bits.
 */
static void code_bits(struct ir *ir, int bits, int value)
{
	int rest = ir_reg(ir), step = ir_reg(ir);

	ir_mov(ir, rest, value);
	ir_const(ir, bits, 0);
	for (int log = 5; log >= 0; log--) {
		ir_const(ir, step, ((int64_t)1 << (1 << log)) - 1);
		ir_alu(ir, IR_SUB, step, step, rest);
		ir_alui(ir, IR_SHR, step, step, 63);
		if (log)
			ir_alui(ir, IR_SHL, step, step, log);
		ir_alu(ir, IR_ADD, bits, bits, step);
		if (log)
			ir_alu(ir, IR_SHR, rest, rest, step);
	}
	/* Now bits is the logarithm; one more, unless value is 0. */
	ir_neg(ir, step, value);
	ir_alui(ir, IR_SHR, step, step, 63);
	ir_alu(ir, IR_ADD, bits, bits, step);
	/* Changes nothing; it is the bound that the verifier can't derive. */
	ir_alui(ir, IR_AND, bits, bits, ZERO);
}

static void quantize_code(struct ir *ir, int base, int value, int increment, const int64_t *params,
			  int nparams, bool is_signed)
{
	int magnitude = ir_reg(ir), bits = ir_reg(ir), index = ir_reg(ir), sign = ir_reg(ir);
	int fits = ir_label(ir), negative = ir_label(ir), add = ir_label(ir);

	(void)params, (void)nparams, (void)is_signed;
	ir_alui(ir, IR_SAR, sign, value, 63);
	ir_alu(ir, IR_XOR, magnitude, value, sign);
	ir_alu(ir, IR_SUB, magnitude, magnitude, sign);
	ir_branchi(ir, IR_SGE, magnitude, 0, fits);
	ir_const(ir, magnitude, INT64_MAX); /* -INT64_MIN */
	ir_place(ir, fits);
	code_bits(ir, bits, magnitude);
	ir_branchi(ir, IR_SLT, value, 0, negative);
	ir_alui(ir, IR_ADD, index, bits, ZERO);
	ir_jump(ir, add);
	ir_place(ir, negative);
	ir_const(ir, index, ZERO);
	ir_alu(ir, IR_SUB, index, index, bits);
	ir_place(ir, add);
	agg_code_bucket(ir, base, index, agg_code_increment(ir, increment));
}

static int64_t quantize_weight(const struct histogram *h, int bin)
{
	(void)h;
	if (bin == ZERO)
		return 0;
	return bin > ZERO ? (int64_t)1 << (bin - ZERO - 1) : -((int64_t)1 << (ZERO - 1 - bin));
}

static int64_t quantize_low(const struct histogram *h, int bin)
{
	if (bin == 0)
		return INT64_MIN;
	/* of the bins below zero the weight is the highest value */
	return bin >= ZERO ? quantize_weight(h, bin) : -((int64_t)1 << (ZERO - bin)) + 1;
}

static void quantize_label(const struct histogram *h, int bin, char text[HISTOGRAM_LABEL])
{
	snprintf(text, HISTOGRAM_LABEL, "%" PRId64, quantize_weight(h, bin));
}

static const struct histogram quantize_histogram = {
	.nbins = BINS,
	.empty_first = ZERO - 1,
	.empty_last = ZERO + 1,
	.zero = ZERO,
	.label = quantize_label,
	.weight = quantize_weight,
	.low = quantize_low,
};

static int quantize_compare(const int64_t *a, const int64_t *b, uint32_t nwords,
			    const int64_t *params, int nparams, bool is_signed)
{
	(void)nwords, (void)params, (void)nparams, (void)is_signed;
	return histogram_compare(&quantize_histogram, a, b);
}

static void quantize_print(const int64_t *words, const int64_t *params, int nparams, int64_t normal,
			   bool zoom, struct buf *out)
{
	(void)params, (void)nparams;
	histogram_print(&quantize_histogram, words, normal, zoom, out);
}

static bool quantize_bin(const int64_t *words, const int64_t *params, int nparams, int64_t normal,
			 int i, struct agg_bin *out)
{
	(void)params, (void)nparams;
	return histogram_bin(&quantize_histogram, words, normal, i, out);
}

const struct agg_func agg_quantize = {
	.name = "quantize",
	.min_args = 1,
	.max_args = 2,
	.nvalues = 1,
	.has_increment = true,
	.is_histogram = true,
	.drawn = AGG_DRAWN_PACKED,
	.check = agg_check_none,
	.nwords = quantize_nwords,
	.code = quantize_code,
	.merge = agg_merge_add,
	.compare = quantize_compare,
	.print = quantize_print,
	.bin = quantize_bin,
};
