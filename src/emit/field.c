/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of the kernel's structs: where they lie says BTF, and nothing else. */
#include <string.h>

#include "emit/emit_impl.h"

static bool field_find(struct emit *e, const char *tag, const char *path, struct field *f)
{
	struct type *t = types_tag(e->script->types, TYPE_STRUCT, tag);
	char name[64];

	memset(f, 0, sizeof(*f));
	while (t) {
		size_t n = strcspn(path, ".");
		struct member m;

		if (n >= sizeof(name))
			return false;
		memcpy(name, path, n);
		name[n] = 0;
		if (!types_member(e->script->types, type_resolve(t), name, &m, NULL))
			return false;
		f->bit_offset += m.bit_offset;
		f->bit_size = m.bit_size;
		f->type = m.type;
		t = m.type;
		if (!path[n])
			break;
		path += n + 1;
	}
	if (!t)
		return false;
	t = type_resolve(t);
	f->size = t->size;
	f->is_signed = t->is_signed;
	return true;
}

bool emit_has_field(struct emit *e, const char *tag, const char *path)
{
	struct field f;

	return field_find(e, tag, path, &f);
}

struct field emit_field(struct emit *e, const char *tag, const char *path)
{
	struct field f;

	if (!field_find(e, tag, path, &f)) {
		emit_error(e, (struct loc){0}, "D_KERNEL_FIELD",
			   "this kernel's struct %s has no member %s, which %s needs", tag, path,
			   e->state->hook->name);
		f.size = 1;
	}
	return f;
}

int emit_peek_field(struct emit *e, struct place base, const char *tag, const char *path)
{
	struct field f = emit_field(e, tag, path);

	if (f.bit_size)
		return emit_load_bits(e, base, f.bit_offset, f.bit_size, f.is_signed, true);
	if (f.size != 1 && f.size != 2 && f.size != 4)
		f.size = 8;
	return emit_peek(e, place_at(base, f.bit_offset / 8), f.size);
}

bool emit_enumerator(struct emit *e, const char *name, int64_t *value)
{
	struct type *t;

	return types_enumerator(e->script->types, name, value, &t);
}
