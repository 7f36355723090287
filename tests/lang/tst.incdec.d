/* SPDX-License-Identifier: BSD-2-Clause */
/* ++ and -- give the value before or after, of every kind of variable. */
#pragma D option quiet

int g;
uint64_t u;
int arr[int];
self int s;
this int t;

BEGIN
{
	printf("%d %d %d\n", g++, g, ++g);
	printf("%d %d %d\n", g--, g, --g);
	printf("%d %d %d\n", self->s++, self->s, ++self->s);
	printf("%d %d %d\n", this->t++, this->t, ++this->t);
	printf("%d %d %d\n", arr[3]++, arr[3], ++arr[3]);
	printf("%d %d\n", arr[3]--, --arr[3]);
	printf("%d %d\n", arr[4]--, arr[4]);
	u--;
	printf("%u\n", u);
	implicit++;
	printf("%d\n", implicit);
	imparr["a", 1]++;
	imparr["a", 1]++;
	printf("%d\n", imparr["a", 1]);
	exit(0);
}
