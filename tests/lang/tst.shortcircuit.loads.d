/* SPDX-License-Identifier: BSD-2-Clause */
/* What an operand of && or || has loaded is there only where that operand was evaluated. */
#pragma D option quiet

self int64_t s, t;
int64_t g, h, no;

BEGIN
{
	g = 1;
}

BEGIN
{
	if (g || pid || h)
		printf("%d\n", pid - $pid);
	if (!(!g && !uid) || h)
		printf("%d\n", uid - $uid);
	if ((no || ppid) && g)
		printf("%d\n", ppid - $ppid);
}

BEGIN
/g || gid || no/
{
	printf("%d\n", gid - $gid);
}

/* with a constant behind it */
BEGIN
{
	if (g || self->t || 1)
		self->s |= 1;
	if (!(no && self->t && 0))
		self->s |= 2;
	printf("%d\n", self->s);
}

/* an address that was not loaded */
BEGIN
/(execname != "" || tid) || 1/
{
	@[1, execname] = count();
	printa("%d %s %@d\n", @);
	exit(0);
}
