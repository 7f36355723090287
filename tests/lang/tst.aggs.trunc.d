/* SPDX-License-Identifier: BSD-2-Clause */
/* trunc, clear, normalize, denormalize. */
#pragma D option quiet

BEGIN
{
	@a["one"] = sum(10);
	@a["two"] = sum(20);
	@a["three"] = sum(30);
	@a["four"] = sum(40);
	@b["one"] = sum(10);
	@b["two"] = sum(20);
	@b["three"] = sum(30);
	@c["x"] = count();
	@d["x"] = sum(1000);
	@d["y"] = sum(2500);
	exit(0);
}

END
{
	trunc(@a, 2);
	printa("a %s %@d\n", @a);
	trunc(@b, -2);
	printa("b %s %@d\n", @b);
	clear(@b);
	printa("b %s %@d\n", @b);
	trunc(@c);
	printa("c %s %@d\n", @c);
	normalize(@d, 1000);
	printa("d %s %@d\n", @d);
	denormalize(@d);
	printa("d %s %@d\n", @d);
	printf("end\n");
	trunc(@a); trunc(@b); trunc(@d);
}
