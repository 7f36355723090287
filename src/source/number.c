/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/number.h"

static void value(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, ((const struct number *)o)->reg);
}

static void carry(struct emit *e, struct object *o)
{
	emit_carry_reg(e, &((struct number *)o)->reg);
}

/* No struct of dlib/ is offered, so it is not among the sources of registry.c. */
static const struct object_source source_number = {
	.tag = "",
	.carry = carry,
	.size = sizeof(struct number),
	.value = value,
};

void number_set(struct number *n, int reg)
{
	*n = (struct number){.object.source = &source_number, .reg = reg};
}
