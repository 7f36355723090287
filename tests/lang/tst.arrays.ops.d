/* SPDX-License-Identifier: BSD-2-Clause */
/* op= and ++ on elements, elements as operands and as keys. */
#pragma D option quiet

int64_t a[string];
int b[int];

BEGIN
{
	a["x"] += 5;
	a["x"] *= 3;
	a["x"] -= 1;
	a["x"] <<= 2;
	a["x"] |= 1;
	a["x"] %= 10;
	a["y"]--;
	printf("%d %d\n", a["x"], a["y"]);
	b[0] = 1;
	b[b[0]] = 2;
	b[b[b[0]]] = 3;
	printf("%d %d %d\n", b[0], b[1], b[2]);
	b[b[0]++]++;
	printf("%d %d %d\n", b[0], b[1], b[2]);
	a["z"] = a["x"] + a["y"] + b[2];
	printf("%d\n", a["z"]);
	a["w"] = (a["v"] = 4) + 1;
	printf("%d %d\n", a["v"], a["w"]);
	exit(0);
}
