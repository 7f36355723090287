/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tag is a serial number and, in its low bits, the index of the speculation:
 * a later one of the same index has a greater tag.
 */
#include "consume/speculation.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define INDEX(tag) ((tag)&0xffff)

/* A record in the bytes that are held: this, itself, and up to 8 bytes more. */
struct held {
	uint32_t size;
	int32_t cpu;
};

struct speculation {
	uint64_t tag, committed; /* the one that is held; the last that was committed */
	VEC(char) bytes;
};

struct speculations {
	VEC(struct speculation) at;
};

struct speculations *speculations_new(void)
{
	return calloc(1, sizeof(struct speculations));
}

void speculations_free(struct speculations *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->at.n; i++)
		vec_free(&s->at.at[i].bytes);
	vec_free(&s->at);
	free(s);
}

static struct speculation *find(struct speculations *s, uint64_t tag)
{
	while (s->at.n <= INDEX(tag))
		vec_push(&s->at, (struct speculation){0});
	return &s->at.at[INDEX(tag)];
}

static void keep(struct speculation *of, const void *bytes, size_t n)
{
	while (of->bytes.cap < of->bytes.n + n)
		of->bytes.at = vec_grow(of->bytes.at, &of->bytes.cap, 1);
	memcpy(of->bytes.at + of->bytes.n, bytes, n);
	of->bytes.n += n;
}

void speculations_hold(struct speculations *s, uint64_t tag, int cpu, const struct record_head *rec,
		       speculation_fn *fn, void *arg)
{
	struct speculation *of = find(s, tag);
	const struct held head = {rec->size, cpu};

	if (tag == of->committed) {
		fn(arg, cpu, rec);
		return;
	}
	if (tag < of->tag) /* it ended, and another has begun */
		return;
	if (tag > of->tag)
		of->bytes.n = 0;
	of->tag = tag;
	keep(of, &head, sizeof(head));
	keep(of, rec, rec->size);
	while (of->bytes.n % 8)
		vec_push(&of->bytes, '\0');
}

void speculations_commit(struct speculations *s, uint64_t tag, speculation_fn *fn, void *arg)
{
	struct speculation *of = find(s, tag), all = *of;

	of->committed = tag;
	if (of->tag != tag)
		return;
	/* What is given may lead here again. */
	of->bytes.at = NULL;
	of->bytes.n = of->bytes.cap = 0;
	for (size_t at = 0; at < all.bytes.n;) {
		struct held head;

		memcpy(&head, all.bytes.at + at, sizeof(head));
		at += sizeof(head);
		fn(arg, head.cpu, (const struct record_head *)(all.bytes.at + at));
		at += (head.size + 7) & ~7u;
	}
	vec_free(&all.bytes);
}
