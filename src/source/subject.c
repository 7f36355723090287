/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/subject.h"

#include "source/owner.h"

#define THREAD_BIT 0x80000000u /* no thread of a process has such a number */

void subject_of_argument(struct emit *e, struct subject *s, int cookie)
{
	*s = (struct subject){.object.source = &source_subject,
			      .sk = tracepoint_arg(e, 0),
			      .thread = ir_reg(e->ir)};
	ir_alui(e->ir, IR_AND, s->thread, cookie, THREAD_BIT - 1);
	ir_alu(e->ir, IR_OR, s->thread, s->thread, emit_const(e, THREAD_BIT));
	emit_thread_is(e, s->thread);
}

static struct owned owned(struct emit *e, const struct object *o)
{
	int sk = ((const struct subject *)o)->sk;

	(void)e;
	return (struct owned){sk, {SPACE_BTF, sk, 0}};
}

OWNER_CODE(owned)

static void carry(struct emit *e, struct object *o)
{
	struct subject *s = (struct subject *)o;

	emit_carry_reg(e, &s->thread);
	if (!emit_resuming(e))
		return;
	s->sk = tracepoint_arg(e, 0);
	emit_thread_is(e, s->thread);
}

/* clang-format off */
static const struct source_member members[] = {
	OWNER_MEMBERS,
	{ NULL },
};
/* clang-format on */

/* No struct of dlib/ is offered, so it is not among the sources of registry.c. */
const struct object_source source_subject = {
	.tag = "",
	.members = members,
	.carry = carry,
	.size = sizeof(struct subject),
};
