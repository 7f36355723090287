/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread-local associative arrays. */
#pragma D option quiet

self int a[string, int];

BEGIN
{
	self->a["x", 1] = 10;
	self->a["x", 2] = 20;
	self->b[7] = "seven";
	self->a["x", 1] += 5;
	printf("%d %d %d %s\n", self->a["x", 1], self->a["x", 2], self->a["y", 1], self->b[7]);
	self->a["x", 1] = 0;
	printf("%d %d\n", self->a["x", 1], self->a["x", 2]);
	exit(0);
}
