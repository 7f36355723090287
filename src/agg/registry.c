/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of aggregating functions, by name. */
#include "agg/common.h"

#include <string.h>

static const struct agg_func *const agg_funcs[] = {
	&agg_avg, &agg_count,	 &agg_llquantize, &agg_lquantize, &agg_max,
	&agg_min, &agg_quantize, &agg_stddev,	  &agg_sum,
};

#define N_FUNCS ((int)(sizeof(agg_funcs) / sizeof(*agg_funcs)))

const struct agg_func *agg_at(int i)
{
	return i >= 0 && i < N_FUNCS ? agg_funcs[i] : NULL;
}

const struct agg_func *agg_find(const char *name)
{
	for (int i = 0; i < N_FUNCS; i++)
		if (strcmp(agg_funcs[i]->name, name) == 0)
			return agg_funcs[i];
	return NULL;
}
