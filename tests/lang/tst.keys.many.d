/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hundred keys, declared and not, in arrays and aggregations; the last one tells them
 * apart. Keys that fill half of their last word: what lies behind them does not.
 */
#pragma D option quiet

#define TEN(n) n##0, n##1, n##2, n##3, n##4, n##5, n##6, n##7, n##8, n##9
#define KEYS(last) 0, 1, 2, 3, 4, 5, 6, 7, 8, \
	TEN(1), TEN(2), TEN(3), TEN(4), TEN(5), TEN(6), TEN(7), TEN(8), TEN(9), last
#define INTS int, int, int, int, int, int, int, int, int, int

int declared[INTS, INTS, INTS, INTS, INTS, INTS, INTS, INTS, INTS, INTS];

BEGIN
{
	declared[KEYS(1)] = 1;
	declared[KEYS(2)] = 2;
	found[KEYS(1)] = 3;
	self->own[KEYS(timestamp)] = 4;
	self->own[KEYS(2)] = 5;
	@many[KEYS(1)] = sum(6);
	@many[KEYS(2)] = sum(7);
	printf("%d %d %d\n", declared[KEYS(1)], declared[KEYS(2)], declared[KEYS(3)]);
	printf("%d %d %d %d\n", found[KEYS(1)], found[KEYS(2)], self->own[KEYS(1)],
	    self->own[KEYS(2)]);
	printa("%d %d %@d\n", @many);
	printa(@many);
	few[1] = 1;
	text = strjoin("a text that lies where the next key will lie, and farther, ",
	    "as long as it takes");
	odd[1, 2, 3, 4, 5, 6, 7] = 2;
	this->seen = odd[1, 2, 3, 4, 5, 6, 7];
}

BEGIN
{
	few[2] = 3;
	text = strjoin(probename, "a text that lies where the next key will lie, and farther");
	odd[1, 2, 3, 4, 5, 6, 8] = 4;
}

BEGIN
{
	printf("%d %d %d %d %d\n", few[1], few[2], odd[1, 2, 3, 4, 5, 6, 7],
	    odd[1, 2, 3, 4, 5, 6, 8], this->seen);
	exit(0);
}
