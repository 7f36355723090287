/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrays and aggregations with 32 keys, integers and strings mixed: one key differs, and it is another element. */
#pragma D option quiet

int64_t x[int, string, int, string, int, string, int, string, int, string, int, string, int, string, int, string,
    int, string, int, string, int, string, int, string, int, string, int, string, int, string, int, string];
int64_t one, two;
string s, t;

#define INTS 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#define PAIRS one, s, 3, "d", 5, t, 7, "h", 9, "j", 11, execname, 13, "n", 15, probename
#define MORE(last) 17, "r", 19, "t", 21, "v", 23, "x", 25, "z", 27, "bb", 29, "dd", 31, last

BEGIN
{
	one = 1;
	two = 2;
	s = "b";
	t = "f";
	x[PAIRS, MORE("ff")] = 100;
	x[PAIRS, MORE("fg")] = 200;
	x[two, "b", 3, "d", 5, "f", 7, "h", 9, "j", 11, "dtrace", 13, "n", 15, "BEGIN", MORE("ff")] = 300;
	x[PAIRS, MORE("ff")]++;
	x[PAIRS, MORE("ff")] += 5;
	printf("%d %d %d %d\n", x[PAIRS, MORE("ff")], x[PAIRS, MORE("fg")],
	    x[two, s, 3, "d", 5, t, 7, "h", 9, "j", 11, execname, 13, "n", 15, probename, MORE("ff")],
	    x[two, s, 3, "d", 5, t, 7, "h", 9, "j", 11, execname, 13, "n", 15, probename, MORE("fg")]);
	printf("%d\n", x[1, "b", 3, "d", 5, "f", 7, "h", 9, "j", 11, "dtrace", 13, "n", 15, "BEGIN", MORE("fg")]);
	x[PAIRS, MORE("ff")] = 0;
	printf("%d %d\n", x[PAIRS, MORE("ff")], x[PAIRS, MORE("fg")]);
}

BEGIN
{
	y[INTS, one, INTS, two] = 7;
	y[INTS, two, INTS, one] = 8;
	self->z[INTS, one, INTS, two] = y[INTS, one, INTS, two] + y[INTS, 2, INTS, 1];
	printf("%d %d %d %d\n", y[INTS, 1, INTS, 2], y[INTS, 2, INTS, 1], y[INTS, 1, INTS, 1], self->z[INTS, 1, INTS, 2]);
}

BEGIN
{
	@mixed[PAIRS, MORE("ff")] = count();
	@mixed[PAIRS, MORE("ff")] = count();
	@mixed[1, "b", 3, "d", 5, "f", 7, "h", 9, "j", 11, "dtrace", 13, "n", 15, "BEGIN", MORE("ff")] = count();
	@mixed[PAIRS, MORE("other")] = count();
	@ints[INTS, one, INTS, two] = sum(one);
	@ints[INTS, two, INTS, one] = sum(two);
	@ints[INTS, 2, INTS, 1] = sum(10);
	exit(0);
}

END
{
	printa("%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s%d%s %@d\n", @mixed);
	printa("%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d, %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d: %@d\n", @ints);
	trunc(@mixed);
	trunc(@ints);
}
