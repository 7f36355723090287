/* SPDX-License-Identifier: BSD-2-Clause */
/* placeholder */
#include "codegen/parts.h"

bool parts_fit(const struct ir_code *code)
{
	return code->ninsns <= PROGRAM_INSNS;
}
void parts_begin(struct codegen *cg, struct hook_work *w)
{
	(void)cg, (void)w;
}
void parts_fire(struct emit *e, struct hook_fire *f, const struct object *const *args, int nargs)
{
	(void)e, (void)f, (void)args, (void)nargs;
}
int parts_make(struct codegen *cg, struct hook_work *w, struct hook_program *p)
{
	(void)cg, (void)w, (void)p;
	return -1;
}
