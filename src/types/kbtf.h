/* SPDX-License-Identifier: BSD-2-Clause */
/* Raw BTF: the file, an index by id, look-up of names. Knows nothing of struct type. */
#pragma once

#include <linux/btf.h>
#include <stdint.h>

struct kbtf;

/* path NULL: the running kernel's. NULL with *error a -errno; -EINVAL for what is not BTF. */
struct kbtf *kbtf_open(const char *path, int *error);
void kbtf_close(struct kbtf *b); /* takes NULL */

uint32_t kbtf_last(const struct kbtf *b); /* the highest id */
/* NULL for 0 (void) and ids that do not exist; else all its data lie within the file. */
const struct btf_type *kbtf_type(const struct kbtf *b, uint32_t id);
/* "" for offsets that do not exist. */
const char *kbtf_string(const struct kbtf *b, uint32_t offset);

/* First type of one of the kinds (1 << BTF_KIND_…) with the name; 0 if none. */
uint32_t kbtf_find(struct kbtf *b, uint32_t kinds, const char *name);
/* The enum that has the enumerator; 0 if none. */
uint32_t kbtf_find_enumerator(struct kbtf *b, const char *name, int64_t *value);
int64_t kbtf_enum_value(const struct btf_type *t, uint32_t i);
uint32_t kbtf_enum_name(const struct btf_type *t, uint32_t i);

/* Kernels since 7.1 may use the bits that were reserved before: 7 for the kind, 24 for the length.
 */
static inline uint32_t kbtf_kind(const struct btf_type *t)
{
	return t->info >> 24 & 0x7f;
}

static inline uint32_t kbtf_vlen(const struct btf_type *t)
{
	return t->info & 0xffffff;
}

static inline int kbtf_flag(const struct btf_type *t)
{
	return t->info >> 31;
}
