/* SPDX-License-Identifier: BSD-2-Clause */
/* self-> belongs to the thread: BEGIN and END run in the same one. */
#pragma D option quiet

self int64_t x;
self string s;

BEGIN
{
	printf("%d [%s]\n", self->x, self->s);
	self->x = -5;
	self->s = "kept";
	self->imp = 1ULL << 33;
	self->gone = 9;
}

BEGIN
/self->x == -5 && self->s == "kept"/
{
	self->gone = 0;
	printf("%d %d\n", self->gone, self->imp);
	exit(0);
}

END
{
	printf("%d %s %d %d\n", self->x, self->s, self->imp, self->gone);
	self->x = 0;
	self->s = 0;
	printf("%d [%s]\n", self->x, self->s);
}
