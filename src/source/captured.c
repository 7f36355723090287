/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/captured.h"

#include <stddef.h>

#include "capture/event.h"

static struct place in_context(const struct captured_packet *c, int off)
{
	return (struct place){SPACE_MAP, c->context, off};
}

static void value(struct emit *e, const struct object *o, struct value *out)
{
	const struct captured_packet *c = (const struct captured_packet *)o;

	(void)e;
	*out = (struct value){
		.kind = VALUE_POINTER,
		.reg = c->context,
		.at = in_context(c, 0),
		.nonnull = o->nonnull,
		.null_reg = o->null_reg,
		.null_eq = o->null_eq,
	};
}

static void test_version(struct emit *e, struct captured_packet *c)
{
	c->object.null_reg = emit_peek(e, in_context(c, offsetof(struct captured, version)), 1);
}

static void carry(struct emit *e, struct object *o)
{
	struct captured_packet *c = (struct captured_packet *)o;

	if (!emit_resuming(e))
		return;
	c->context = emit_ctx(e);
	if (o->nonnull == NONNULL_EQUAL)
		test_version(e, c);
}

/* Its struct is real memory, so it is not among the sources of registry.c. */
static const struct object_source source_captured = {
	.tag = "",
	.carry = carry,
	.size = sizeof(struct captured_packet),
	.value = value,
};

void captured_packet(struct emit *e, struct captured_packet *c, int version)
{
	*c = (struct captured_packet){.object = {.source = &source_captured},
				      .context = emit_ctx(e)};
	if (!version)
		return;
	c->object.nonnull = NONNULL_EQUAL;
	c->object.null_eq = version;
	test_version(e, c);
}
