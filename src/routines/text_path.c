/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two parts of a path, as dirname(3) and basename(3) have them: which bytes
 * they are.  A part of no bytes is ".".
 */
#include "routines/text.h"

/*
 * k: the last component: where it begins; n: behind its end; from: behind the end
 * of the one before. state: the byte before is none of a component.
 */
PART long text_path_step(uint32_t i, struct text_step *s)
{
	struct text_work *w = s->work;
	uint64_t c = byte_at(s->text, i, s->mask);

	if (!c)
		return 1;
	if (c == '/') {
		w->state = 1;
		return 0;
	}
	if (w->state) {
		w->from = w->n;
		w->k = i;
	}
	w->n = (uint64_t)i + 1;
	w->state = 0;
	return 0;
}

/* directory: its directory, else its last component; to work->from, work->n. */
void text_path(struct text_work *work, const char *text, uint64_t directory, uint64_t mask)
{
	struct text_step s = {.work = work, .text = text, .mask = mask};
	uint64_t root = byte_at(text, 0, mask) == '/', n;

	work->k = work->n = work->from = 0;
	work->state = 1;
	loop(mask, text_path_step, &s, 0);
	n = directory ? work->from : work->n - work->k;
	if (!n && (directory || !work->n))
		n = root;
	work->from = directory ? 0 : work->k;
	work->n = n;
}
