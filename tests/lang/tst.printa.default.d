/* SPDX-License-Identifier: BSD-2-Clause */
/* printa without a format: keys and value in the default columns. */
#pragma D option quiet

BEGIN
{
	@a["text", 7] = sum(-5);
	@b["text", 7] = count();
	@plain = max(3);
	printa(@plain);
	printa(@a);
	printa(@a, @b);
	trunc(@a); trunc(@b); trunc(@plain);
	exit(0);
}
