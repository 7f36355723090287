/* SPDX-License-Identifier: BSD-2-Clause */
/* sym and its like where nothing is: the number; as keys and in formats. */
#pragma D option quiet

BEGIN
{
	sym(0); printf("\n");
	func(1); printf("\n");
	mod(2); printf("\n");
	usym(3); printf("\n");
	ufunc(4); printf("\n");
	umod(5); printf("\n");
	uaddr(6); printf("\n");
	printf("%a %A|%10a|%-10a|%s\n", sym(7), usym(8), sym(9), umod(10), mod(11));
	printf("%a %A %8a|\n", 12, 13, 14);
	@a[sym(1), usym(2), 3] = count();
	@a[sym(1), usym(2), 3] = count();
	@b[mod(1)] = sum(7);
	printa("%a %A %d %@d\n", @a);
	printa("%-8s|%@d\n", @b);
	clear(@a);
	func(0x123456789abc); printf(" %A\n", usym(0x123456789abc));
	trace(sym(15)); printf("\n");
	exit(0);
}
