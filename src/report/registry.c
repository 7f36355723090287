/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/report.h"

struct form *report_form(const struct options *o, FILE *out)
{
	static struct form *(*const forms[])(const struct options *o, FILE *out) = {
		[OUTPUT_TEXT] = text_form,
		[OUTPUT_JSON] = json_form,
	};

	return forms[o->oformat](o, out);
}
