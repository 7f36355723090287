/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Items: how values lie in records, in keys and in the elements of arrays.  In
 * keys they stand one behind the other, naturally aligned, and every byte is
 * written (the kernel hashes the padding too).
 */
#include "emit/emit_impl.h"

struct item item_of(struct type *t, const struct strrep *rep)
{
	struct type *r = type_resolve(t);
	struct item it = {.type = t};

	if (r->kind == TYPE_CODE) {
		it.kind = r->count ? ITEM_STACK : ITEM_NAMED;
		it.size = (uint32_t)r->size;
	} else if (type_is_string(t)) {
		it.kind = rep_item(*rep);
		it.size = rep_size(*rep);
	} else {
		it.kind = ITEM_INT;
		it.size = r->kind == TYPE_POINTER || !r->size || r->size > 8 ? 8 : r->size;
		it.is_signed = r->is_signed;
	}
	return it;
}

uint32_t item_align(const struct item *it)
{
	return it->kind == ITEM_INT ? it->size : it->kind == ITEM_STRID ? 4 : 8;
}

uint32_t item_layout(struct item *items, int n, uint32_t off)
{
	for (int i = 0; i < n; i++) {
		uint32_t align = item_align(&items[i]);

		off = (off + align - 1) & ~(align - 1);
		items[i].offset = off;
		off += items[i].size;
	}
	return (off + 7) & ~7u;
}

void emit_item_store(struct emit *e, const struct item *it, const struct value *v, struct place to)
{
	if (it->kind == ITEM_INT)
		emit_store(e, to, emit_as_int(e, v), it->size);
	else if (v->kind == VALUE_STRUCT)
		emit_copy(e, to, v->at, it->size);
	else
		emit_string_store(e, v, to);
}
