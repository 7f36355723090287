/* SPDX-License-Identifier: BSD-2-Clause */
/* All clauses of one firing have one time, whether or not the first one to ask for it ran. */
#pragma D option quiet

BEGIN
/pid != $pid/
{
	never = timestamp;
}

BEGIN
/pid == $pid/
{
	one = timestamp;
	wall = walltimestamp;
}

BEGIN
/execname != "nobody"/
{
	two = timestamp;
	printf("%d %d\n", two - one, walltimestamp - wall);
}

BEGIN
{
	printf("%d %d %d\n", never, timestamp - one, walltimestamp - wall);
	exit(0);
}
