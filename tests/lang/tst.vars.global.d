/* SPDX-License-Identifier: BSD-2-Clause */
/* Globals keep their values between probes; what was never assigned is 0 or "". */
#pragma D option quiet

int i;
string s;
uint64_t q;
int never;
string nevers;
int64_t assoc[int];

BEGIN
{
	printf("%d [%s] %u\n", i, s, q);
	i = -3;
	s = "some text";
	q = 1ULL << 40;
	implicit = 77;
	imps = "implicit";
}

tick-20ms
{
	printf("%d [%s] %u %d %s\n", i, s, q, implicit, imps);
	i *= 2;
	s = "changed";
	exit(0);
}

END
{
	printf("%d [%s] %d [%s] %d\n", i, s, never, nevers, assoc[9]);
}
