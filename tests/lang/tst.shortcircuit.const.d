/* SPDX-License-Identifier: BSD-2-Clause */
/* What an operand of && or || has loaded is there only where it was evaluated, also when a constant decides behind it. */
#pragma D option quiet

self int64_t s, t;
int64_t g, h;

BEGIN
{
	if (g == 0 || self->t || 1)
		self->s |= 1;
	if (!(g == 1 && self->t && 0))
		self->s |= 2;
	printf("%d\n", self->s);
}

BEGIN
/(g == 0 || pid - $pid) || 1/
{
	h -= pid - $pid;
	printf("%d\n", h);
}

BEGIN
/("never" != probename || (int64_t)pid) || 1/
{
	@[1, execname] = count();
	printa("%d %s %@d\n", @);
	exit(0);
}
