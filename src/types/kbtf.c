/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Raw BTF. Opening maps (or reads) the file and passes over the type section
 * once to learn where each id stands and how it is named. After that a name
 * costs one search in the string section for its offset and one pass over an
 * array of integers. As a rule a script asks for few names of the hundred
 * thousand that a kernel has: strings are hashed after INDEX_AFTER searches only.
 *
 * Invariant: once open, every type's data lie within the type section, and the
 * string section begins and ends with NUL. Ids and string offsets inside types
 * are not checked here: kbtf_type() and kbtf_string() take any.
 */
#include "types/kbtf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"
#define SIZE_LIMIT (1u << 30)
#define INDEX_AFTER 32 /* about what hashing takes */

/* Bytes behind a struct btf_type: fixed ones, and for each of vlen elements. Also the form of the
 * layout section. */
struct layout {
	uint8_t fixed, each;
	uint16_t flags;
};

static const struct layout known_layout[] = {
	[BTF_KIND_INT] = {.fixed = sizeof(uint32_t)},
	[BTF_KIND_PTR] = {0},
	[BTF_KIND_ARRAY] = {.fixed = sizeof(struct btf_array)},
	[BTF_KIND_STRUCT] = {.each = sizeof(struct btf_member)},
	[BTF_KIND_UNION] = {.each = sizeof(struct btf_member)},
	[BTF_KIND_ENUM] = {.each = sizeof(struct btf_enum)},
	[BTF_KIND_FWD] = {0},
	[BTF_KIND_TYPEDEF] = {0},
	[BTF_KIND_VOLATILE] = {0},
	[BTF_KIND_CONST] = {0},
	[BTF_KIND_RESTRICT] = {0},
	[BTF_KIND_FUNC] = {0},
	[BTF_KIND_FUNC_PROTO] = {.each = sizeof(struct btf_param)},
	[BTF_KIND_VAR] = {.fixed = sizeof(struct btf_var)},
	[BTF_KIND_DATASEC] = {.each = sizeof(struct btf_var_secinfo)},
	[BTF_KIND_FLOAT] = {0},
	[BTF_KIND_DECL_TAG] = {.fixed = sizeof(struct btf_decl_tag)},
	[BTF_KIND_TYPE_TAG] = {0},
	[BTF_KIND_ENUM64] = {.each = sizeof(struct btf_enum64)},
};

#define NKNOWN (sizeof(known_layout) / sizeof(known_layout[0]))

struct kbtf {
	void *file;
	size_t file_size;
	bool mapped;
	const char *types, *strings;
	uint32_t types_size, strings_size;
	const struct layout *layout; /* the file's, for kinds newer than this code; or NULL */
	uint32_t nlayout;
	uint32_t last;	   /* id */
	uint32_t *offsets; /* by id, in types */
	uint32_t *names;   /* by id, in strings; a copy in one place, quick to scan */
	VEC(uint32_t) enums;
	enum { TAILS_UNKNOWN, TAILS_NONE, TAILS_SHARED } tails;
	int nsearches;
	uint32_t *index; /* offsets of strings, by hash; 0: free. NULL: not made */
	uint32_t index_mask;
};

static int read_all(int fd, char *to, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, to + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return -EINVAL;
		done += (size_t)got;
	}
	return 0;
}

/* The kernel's own can be mapped since 6.16. Other files are read: they may shrink under a mapping.
 */
static int load_file(struct kbtf *b, int fd, bool may_map)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size < (off_t)sizeof(struct btf_header) || st.st_size > (off_t)SIZE_LIMIT)
		return -EINVAL;
	b->file_size = (size_t)st.st_size;
	if (may_map) {
		void *p = mmap(NULL, b->file_size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (p != MAP_FAILED) {
			b->file = p;
			b->mapped = true;
			return 0;
		}
	}
	b->file = malloc(b->file_size);
	if (!b->file)
		return -ENOMEM;
	return read_all(fd, b->file, b->file_size);
}

/* The part [offset, offset + size) of what follows the header, or NULL if it is not all there. */
static const char *section(const struct kbtf *b, const struct btf_header *h, uint32_t offset,
			   uint32_t size)
{
	size_t room = b->file_size - h->hdr_len;

	if (offset > room || size > room - offset)
		return NULL;
	return (const char *)b->file + h->hdr_len + offset;
}

static int find_sections(struct kbtf *b)
{
	const struct btf_header *h = b->file;

	if (h->magic != BTF_MAGIC || h->version != BTF_VERSION || h->hdr_len < sizeof(*h) ||
	    h->hdr_len > b->file_size || h->hdr_len % 4 || h->type_off % 4)
		return -EINVAL;
	b->types = section(b, h, h->type_off, h->type_len);
	b->strings = section(b, h, h->str_off, h->str_len);
	b->types_size = h->type_len;
	b->strings_size = h->str_len;
	if (!b->types || !b->strings || !b->strings_size || b->strings[0] ||
	    b->strings[b->strings_size - 1])
		return -EINVAL;
	if (h->hdr_len >= sizeof(*h) + 2 * sizeof(uint32_t)) {
		const uint32_t *more =
			(const uint32_t *)(h + 1); /* layout_off, layout_len: Linux 7.1 */

		if (more[0] % 4 == 0)
			b->layout = (const void *)section(b, h, more[0], more[1]);
		b->nlayout = b->layout ? more[1] / sizeof(struct layout) : 0;
	}
	return 0;
}

/* Bytes that the type takes; 0 for a kind that nothing tells the size of. */
static uint64_t whole_size(const struct kbtf *b, const struct btf_type *t)
{
	uint32_t kind = kbtf_kind(t);
	const struct layout *l;

	if (kind == BTF_KIND_UNKN)
		return 0;
	if (kind < NKNOWN)
		l = &known_layout[kind];
	else if (kind < b->nlayout)
		l = &b->layout[kind];
	else
		return 0;
	return sizeof(*t) + l->fixed + (uint64_t)l->each * kbtf_vlen(t);
}

static int index_types(struct kbtf *b)
{
	size_t most = b->types_size / sizeof(struct btf_type) + 1;
	uint32_t at = 0;

	b->offsets = malloc(most * sizeof(*b->offsets));
	b->names = malloc(most * sizeof(*b->names));
	if (!b->offsets || !b->names)
		return -ENOMEM;
	while (at < b->types_size) {
		const struct btf_type *t = (const void *)(b->types + at);
		uint64_t size;

		if (b->types_size - at < sizeof(*t))
			return -EINVAL;
		size = whole_size(b, t);
		if (!size || size % 4 || size > b->types_size - at)
			return -EINVAL;
		b->last++;
		b->offsets[b->last] = at;
		b->names[b->last] = t->name_off;
		if (kbtf_kind(t) == BTF_KIND_ENUM || kbtf_kind(t) == BTF_KIND_ENUM64)
			vec_push(&b->enums, b->last);
		at += (uint32_t)size;
	}
	return 0;
}

struct kbtf *kbtf_open(const char *path, int *error)
{
	struct kbtf *b = calloc(1, sizeof(*b));
	int fd = -1;

	*error = -ENOMEM;
	if (!b)
		return NULL;
	fd = open(path ? path : KERNEL_BTF, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		*error = -errno;
		goto err;
	}
	*error = load_file(b, fd, path == NULL);
	close(fd);
	if (!*error)
		*error = find_sections(b);
	if (!*error)
		*error = index_types(b);
	if (*error)
		goto err;
	return b;
err:
	kbtf_close(b);
	return NULL;
}

void kbtf_close(struct kbtf *b)
{
	if (!b)
		return;
	if (b->mapped)
		munmap(b->file, b->file_size);
	else
		free(b->file);
	free(b->offsets);
	free(b->names);
	free(b->index);
	vec_free(&b->enums);
	free(b);
}

uint32_t kbtf_last(const struct kbtf *b)
{
	return b->last;
}

const struct btf_type *kbtf_type(const struct kbtf *b, uint32_t id)
{
	if (id == 0 || id > b->last)
		return NULL;
	return (const void *)(b->types + b->offsets[id]);
}

const char *kbtf_string(const struct kbtf *b, uint32_t offset)
{
	return offset < b->strings_size ? b->strings + offset : "";
}

uint32_t kbtf_enum_name(const struct btf_type *t, uint32_t i)
{
	if (kbtf_kind(t) == BTF_KIND_ENUM64)
		return ((const struct btf_enum64 *)(t + 1))[i].name_off;
	return ((const struct btf_enum *)(t + 1))[i].name_off;
}

int64_t kbtf_enum_value(const struct btf_type *t, uint32_t i)
{
	if (kbtf_kind(t) == BTF_KIND_ENUM64) {
		const struct btf_enum64 *e = (const struct btf_enum64 *)(t + 1) + i;

		return (int64_t)((uint64_t)e->val_hi32 << 32 | e->val_lo32);
	}
	if (kbtf_flag(t))
		return ((const struct btf_enum *)(t + 1))[i].val;
	return (uint32_t)((const struct btf_enum *)(t + 1))[i].val;
}

/* What is looked for: a string at an offset, or at whatever offset while that is 0. */
struct query {
	const char *name;
	uint32_t offset;
	uint32_t kinds;
	int64_t value; /* found: of the enumerator */
};

typedef uint32_t scan_fn(const struct kbtf *b, struct query *q);

static inline bool named(const struct kbtf *b, const struct query *q, uint32_t offset)
{
	if (q->offset)
		return offset == q->offset;
	return strcmp(kbtf_string(b, offset), q->name) == 0;
}

static uint32_t scan_types(const struct kbtf *b, struct query *q)
{
	for (uint32_t id = 1; id <= b->last; id++) {
		uint32_t kind;

		if (!named(b, q, b->names[id]))
			continue;
		kind = kbtf_kind(kbtf_type(b, id));
		if (kind < 32 && q->kinds >> kind & 1)
			return id;
	}
	return 0;
}

static uint32_t scan_enumerators(const struct kbtf *b, struct query *q)
{
	for (size_t k = 0; k < b->enums.n; k++) {
		const struct btf_type *t = kbtf_type(b, b->enums.at[k]);

		for (uint32_t i = 0, n = kbtf_vlen(t); i < n; i++) {
			if (named(b, q, kbtf_enum_name(t, i))) {
				q->value = kbtf_enum_value(t, i);
				return b->enums.at[k];
			}
		}
	}
	return 0;
}

static bool is_tail(const struct kbtf *b, uint32_t offset)
{
	return offset && offset < b->strings_size && b->strings[offset - 1];
}

/*
 * Does a name begin in the middle of a string, "sock" within "tcp_sock"? The
 * format allows it, pahole and clang never write it; if somebody does, names
 * that are not found as strings of their own are compared one by one.
 */
static bool shares_tails(struct kbtf *b)
{
	if (b->tails != TAILS_UNKNOWN)
		return b->tails == TAILS_SHARED;
	b->tails = TAILS_SHARED;
	for (uint32_t id = 1; id <= b->last; id++) {
		if (is_tail(b, b->names[id]))
			return true;
	}
	for (size_t k = 0; k < b->enums.n; k++) {
		const struct btf_type *t = kbtf_type(b, b->enums.at[k]);

		for (uint32_t i = 0, n = kbtf_vlen(t); i < n; i++) {
			if (is_tail(b, kbtf_enum_name(t, i)))
				return true;
		}
	}
	b->tails = TAILS_NONE;
	return false;
}

static uint32_t hash(const char *s, size_t *length)
{
	const char *from = s;
	uint32_t h = 0x811c9dc5; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x01000193;
	*length = (size_t)(s - from);
	return h ^ h >> 15;
}

/* At most half full. Where there is no memory for it, searching goes on without. */
static void index_strings(struct kbtf *b)
{
	uint32_t n = 0, size = 16;
	size_t length;

	for (uint32_t at = 0; at < b->strings_size; at++)
		n += !b->strings[at];
	while (size < 2 * n)
		size *= 2;
	b->index = calloc(size, sizeof(*b->index));
	if (!b->index)
		return;
	b->index_mask = size - 1;
	for (uint32_t at = 1; at < b->strings_size; at += (uint32_t)length + 1) {
		uint32_t slot = hash(b->strings + at, &length);

		while (b->index[slot & b->index_mask])
			slot++;
		b->index[slot & b->index_mask] = at;
	}
}

static uint32_t search_index(const struct kbtf *b, struct query *q, scan_fn *scan)
{
	size_t length;
	uint32_t slot = hash(q->name, &length), found = 0;

	for (; !found && b->index[slot & b->index_mask]; slot++) {
		q->offset = b->index[slot & b->index_mask];
		if (strcmp(b->strings + q->offset, q->name) == 0)
			found = scan(b, q);
	}
	return found;
}

static uint32_t search_strings(const struct kbtf *b, struct query *q, scan_fn *scan)
{
	size_t length = strlen(q->name);
	const char *at = b->strings, *end = b->strings + b->strings_size;
	char *needle = malloc(length + 2);
	uint32_t found = 0;

	if (!needle)
		return 0;
	needle[0] = '\0';
	memcpy(needle + 1, q->name, length + 1);
	while (!found && (at = memmem(at, (size_t)(end - at), needle, length + 2))) {
		q->offset = (uint32_t)(++at - b->strings);
		found = scan(b, q);
	}
	free(needle);
	return found;
}

/* Scans for each string that is the name: one, unless the writer did not deduplicate. */
static uint32_t search(struct kbtf *b, struct query *q, scan_fn *scan)
{
	uint32_t found;

	if (!*q->name)
		return 0;
	if (b->nsearches++ == INDEX_AFTER)
		index_strings(b);
	found = b->index ? search_index(b, q, scan) : search_strings(b, q, scan);
	if (found || !shares_tails(b))
		return found;
	q->offset = 0;
	return scan(b, q);
}

uint32_t kbtf_find(struct kbtf *b, uint32_t kinds, const char *name)
{
	struct query q = {.name = name, .kinds = kinds};

	return search(b, &q, scan_types);
}

uint32_t kbtf_find_enumerator(struct kbtf *b, const char *name, int64_t *value)
{
	struct query q = {.name = name};
	uint32_t id = search(b, &q, scan_enumerators);

	*value = q.value;
	return id;
}
