/* SPDX-License-Identifier: BSD-2-Clause */
#include "live/type_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <linux/btf.h>

static uint32_t add_name(struct type_list *t, const char *name)
{
	uint32_t at = t->nstrings ? t->nstrings : 1;
	size_t n = strlen(name) + 1;

	if (!*name || n > TYPE_LIST_STRINGS - at)
		return 0; /* (a function without a name the kernel will refuse) */
	memcpy(t->strings + at, name, n);
	t->nstrings = at + n;
	return at;
}

uint32_t type_list_add(struct type_list *t, const char *name, unsigned kind, uint32_t size_or_type)
{
	uint32_t info = kind << 24; /* of functions: BTF_FUNC_STATIC, of others: no members */

	t->words[t->nwords++] = add_name(t, name);
	t->words[t->nwords++] = info;
	t->words[t->nwords++] = size_or_type;
	return ++t->ntypes;
}

uint32_t type_list_int(struct type_list *t, const char *name, unsigned bytes, unsigned encoding)
{
	uint32_t id = type_list_add(t, name, BTF_KIND_INT, bytes);

	t->words[t->nwords++] = encoding << 24 | bytes * 8;
	return id;
}

uint32_t type_list_array(struct type_list *t, uint32_t of, uint32_t index, uint32_t n)
{
	uint32_t id = type_list_add(t, "", BTF_KIND_ARRAY, 0);

	t->words[t->nwords++] = of;
	t->words[t->nwords++] = index;
	t->words[t->nwords++] = n;
	return id;
}

int type_list_load(const struct type_list *t)
{
	struct btf_header head = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(head),
		.type_len = t->nwords * sizeof(*t->words),
		.str_off = t->nwords * sizeof(*t->words),
		.str_len = t->nstrings ? t->nstrings : 1,
	};
	size_t size = sizeof(head) + head.type_len + head.str_len;
	char *all = malloc(size);
	int fd;

	if (!all)
		return -ENOMEM;
	memcpy(all, &head, sizeof(head));
	memcpy(all + sizeof(head), t->words, head.type_len);
	memcpy(all + sizeof(head) + head.str_off, t->strings, head.str_len);
	fd = bpf_btf_load(all, size, NULL);
	if (fd < 0)
		fd = -errno;
	free(all);
	return fd;
}
