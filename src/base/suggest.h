/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The nearest name: what a message offers after "did you mean".  Feed every
 * candidate; suggest_best() is NULL unless one is near (edit distance of a
 * third of the length at most).
 */
#pragma once

struct suggest {
	const char *wanted;
	const char *best;
	unsigned distance;
};

void suggest_start(struct suggest *s, const char *wanted);
void suggest_offer(struct suggest *s, const char *candidate);
const char *suggest_best(const struct suggest *s);
