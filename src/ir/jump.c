/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jumps: from labels to distances, of which an instruction holds 16 bits.
 *
 * Longer programs get an island of jumps every ISLAND_EVERY instructions.  A
 * jump that goes beyond the next island goes there instead, to an entry that
 * leads on to its label or to the next island in turn; execution that runs
 * into an island from above skips it.
 */
#include <errno.h>

#include "ir/ir_impl.h"

#define ISLAND_EVERY                                                                               \
	7500 /* the kernel puts look-ups in place of their calls: code there grows by half */
#define SHORT_PROGRAM 16000 /* instructions: every jump reaches, there too */

/*
 * Segment k lies between island k and island k + 1.  Segments reach their
 * neighbours, so a label in segment `home` is reached from above (segments
 * low..) by entries in islands low + 1 .. home - 1, from below (.. high) by
 * entries in islands home + 2 .. high.  Nothing leads to an entry in the two
 * islands around its label, and the kernel refuses what nothing leads to.
 */
struct span {
	unsigned low, high, home;
	int first; /* number of the first of its entries, which are numbered by island */
};

struct islands {
	const struct emission *old;
	unsigned count;	    /* islands 1..count */
	size_t *place;	    /* island k stands before instruction place[k] */
	unsigned *segment;  /* of each instruction */
	struct span *spans; /* of each label */
	size_t nlabels;
	int nentries;
};

static void place_islands(struct islands *is, struct arena *tmp)
{
	const struct emission *e = is->old;
	size_t last = 0;

	is->place = arena_alloc(tmp, sizeof(*is->place) * (e->n / ISLAND_EVERY + 2));
	is->segment = arena_alloc(tmp, sizeof(*is->segment) * (e->n + 1));
	for (size_t i = 0; i < e->n; i++) {
		bool second_half = i && e->insns[i - 1].code == (BPF_LD | BPF_IMM | BPF_DW);

		if (i - last >= ISLAND_EVERY && !second_half)
			is->place[++is->count] = last = i;
		is->segment[i] = is->count;
	}
}

static bool is_far(unsigned a, unsigned b)
{
	return a > b + 1 || b > a + 1;
}

static unsigned entries_above(const struct span *s)
{
	return s->low < s->home ? s->home - s->low - 1 : 0;
}

static unsigned entries_below(const struct span *s)
{
	return s->high > s->home ? s->high - s->home - 1 : 0;
}

static unsigned nentries_of(const struct span *s)
{
	return entries_above(s) + entries_below(s);
}

/* The island of the n-th entry. */
static unsigned entry_island(const struct span *s, unsigned n)
{
	unsigned above = entries_above(s);

	return n < above ? s->low + 1 + n : s->home + 2 + n - above;
}

static void find_spans(struct islands *is, struct arena *tmp)
{
	const struct emission *e = is->old;

	is->spans = arena_alloc(tmp, sizeof(*is->spans) * (is->nlabels + 1));
	for (size_t l = 0; l < is->nlabels; l++) {
		unsigned home = is->segment[e->label_at[l]];

		is->spans[l] = (struct span){home, home, home, 0};
	}
	for (size_t i = 0; i < e->n; i++) {
		struct span *s;

		if (e->target[i] < 0)
			continue;
		s = &is->spans[e->target[i]];
		if (!is_far(is->segment[i], s->home))
			continue;
		if (is->segment[i] < s->low)
			s->low = is->segment[i];
		if (is->segment[i] > s->high)
			s->high = is->segment[i];
	}
	for (size_t l = 0; l < is->nlabels; l++) {
		is->spans[l].first = is->nentries;
		is->nentries += nentries_of(&is->spans[l]);
	}
}

/* The label number of the entry for label l in island k. */
static int entry(const struct islands *is, int l, unsigned k)
{
	const struct span *s = &is->spans[l];
	unsigned n = k < s->home ? k - s->low - 1 : entries_above(s) + k - s->home - 2;

	return (int)is->nlabels + s->first + (int)n;
}

/* Where a jump in segment s goes for label l. */
static int next_hop(const struct islands *is, int l, unsigned s)
{
	unsigned home = is->spans[l].home;

	if (!is_far(s, home))
		return l;
	return s < home ? entry(is, l, s + 1) : entry(is, l, s);
}

/* Where the entry for label l in island k leads: it lies between segments k - 1 and k. */
static int entry_target(const struct islands *is, int l, unsigned k)
{
	return next_hop(is, l, k < is->spans[l].home ? k : k - 1);
}

static void append(struct emission *e, struct bpf_insn insn, int target, const char *comment)
{
	e->insns[e->n] = insn;
	e->target[e->n] = target;
	e->comments[e->n++] = comment;
}

/* The labels with an entry in each island, as rows of one list. */
static int *list_entries(const struct islands *is, size_t **from, struct arena *tmp)
{
	size_t *f = arena_alloc(tmp, sizeof(*f) * (is->count + 3));
	int *list = arena_alloc(tmp, sizeof(*list) * (is->nentries + 1));

	for (size_t l = 0; l < is->nlabels; l++)
		for (unsigned n = nentries_of(&is->spans[l]); n-- > 0;)
			f[entry_island(&is->spans[l], n) + 1]++;
	for (unsigned k = 1; k <= is->count + 1; k++)
		f[k] += f[k - 1];
	/* f[k] is now the start of island k; filling moves it to the start of island k + 1 */
	for (size_t l = 0; l < is->nlabels; l++)
		for (unsigned n = nentries_of(&is->spans[l]); n-- > 0;)
			list[f[entry_island(&is->spans[l], n)]++] = (int)l;
	*from = f;
	return list;
}

static bool ends_flow(const struct emission *e)
{
	uint8_t code = e->n ? e->insns[e->n - 1].code : 0;

	return code == (BPF_JMP | BPF_JA) || code == (BPF_JMP | BPF_EXIT);
}

static void build_island(const struct islands *is, struct emission *e, unsigned k,
			 const int *labels, size_t n)
{
	const struct bpf_insn ja = {.code = BPF_JMP | BPF_JA};
	struct bpf_insn skip = ja;

	if (!n)
		return;
	skip.off =
		n > INT16_MAX ? INT16_MAX : (int16_t)n; /* too many fail in jump_resolve() anyway */
	/* Behind a jump or the end nothing falls through: a skip there would be unreachable, which
	 * the kernel refuses. */
	if (!ends_flow(e))
		append(e, skip, TARGET_NONE, NULL);
	for (size_t j = 0; j < n; j++) {
		e->label_at[entry(is, labels[j], k)] = e->n;
		append(e, ja, entry_target(is, labels[j], k), NULL);
	}
}

/* Jumps to one place go by one label, so that they share the entries on their way. */
static void share_labels(struct emission *e, struct arena *tmp)
{
	int *first = arena_alloc(tmp, sizeof(*first) * (e->n + 1)); /* at each place; plus 1 */

	for (size_t i = 0; i < e->n; i++) {
		int *there;

		if (e->target[i] < 0)
			continue;
		there = &first[e->label_at[e->target[i]]];
		if (!*there)
			*there = e->target[i] + 1;
		e->target[i] = *there - 1;
	}
}

void jump_islands(struct ir *ir, struct emission *e)
{
	struct emission old = *e;
	struct islands is = {.old = &old, .nlabels = ir->nlabels};
	size_t *from, *moved, use = 0, total;
	int *entries;

	if (e->n < SHORT_PROGRAM)
		return;
	share_labels(&old, ir->tmp);
	place_islands(&is, ir->tmp);
	find_spans(&is, ir->tmp);
	entries = list_entries(&is, &from, ir->tmp);
	total = old.n + is.nentries + is.count;
	e->n = 0;
	e->insns = arena_alloc(ir->tmp, sizeof(*e->insns) * total);
	e->target = arena_alloc(ir->tmp, sizeof(*e->target) * total);
	e->comments = arena_alloc(ir->tmp, sizeof(*e->comments) * total);
	e->label_at = arena_alloc(ir->tmp, sizeof(*e->label_at) * (is.nlabels + is.nentries + 1));
	moved = arena_alloc(ir->tmp, sizeof(*moved) * (old.n + 1));
	for (size_t i = 0; i < old.n; i++) {
		unsigned k = is.segment[i];
		int target = old.target[i];

		if (k && is.place[k] == i)
			build_island(&is, e, k, entries + from[k - 1], from[k] - from[k - 1]);
		moved[i] = e->n;
		if (target >= 0)
			target = next_hop(&is, target, k);
		for (; use < old.nuses && e->uses[use].insn == i; use++)
			e->uses[use].insn = e->n;
		append(e, old.insns[i], target, old.comments[i]);
	}
	for (size_t l = 0; l < is.nlabels; l++)
		e->label_at[l] = moved[old.label_at[l]];
}

void jump_resolve(struct ir *ir, const struct emission *e, struct ir_code *out)
{
	for (size_t i = 0; i < e->n; i++) {
		long distance;

		if (e->target[i] < 0)
			continue;
		distance = (long)e->label_at[e->target[i]] - (long)(i + 1);
		if (distance != (int16_t)distance)
			ir_fail(ir, -E2BIG,
				arena_printf(
					ir->arena,
					"the program has %zu instructions, and one jumps over %ld of "
					"them, further than a BPF jump reaches",
					e->n, distance));
		out->insns[i].off = (int16_t)distance;
	}
}
