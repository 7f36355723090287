/* SPDX-License-Identifier: BSD-2-Clause */
/* Associative arrays: keys of several widths, strings, mixes. */
#pragma D option quiet

int64_t byint[int];
string bystr[string];
int mixed[int, string, uint64_t, char];
int neg[int64_t];
string names[uint8_t, uint16_t];

BEGIN
{
	byint[-1] = 1;
	byint[0] = 2;
	byint[2147483647] = 3;
	bystr["a"] = "A";
	bystr["ab"] = "AB";
	bystr[""] = "empty";
	mixed[1, "x", 2, 'c'] = 10;
	mixed[1, "x", 3, 'c'] = 11;
	mixed[1, "y", 2, 'c'] = 12;
	mixed[1, "x", 2, 'd'] = 13;
	neg[-5] = 55;
	names[255, 65535] = "corner";
	implicit["k", 1] = "v";
	bypid[pid, execname] = 99;
}

BEGIN
{
	printf("%d %d %d %d\n", byint[-1], byint[0], byint[2147483647], byint[5]);
	printf("%s %s %s [%s]\n", bystr["a"], bystr["ab"], bystr[""], bystr["b"]);
	printf("%d %d %d %d %d\n", mixed[1, "x", 2, 'c'], mixed[1, "x", 3, 'c'], mixed[1, "y", 2, 'c'],
	    mixed[1, "x", 2, 'd'], mixed[2, "x", 2, 'c']);
	printf("%d %d %s\n", neg[-5], neg[5], names[255, 65535]);
	printf("%s [%s]\n", implicit["k", 1], implicit["k", 2]);
	printf("%d\n", bypid[pid, execname]);
	exit(0);
}

END
{
	printf("%d %s %d %s %d\n", byint[-1], bystr["ab"], mixed[1, "x", 2, 'd'], names[255, 65535],
	    bypid[pid, execname]);
}
