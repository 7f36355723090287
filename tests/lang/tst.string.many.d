/* SPDX-License-Identifier: BSD-2-Clause */
/* Many strings of bytes at once: more than a BPF stack holds. */
#pragma D option quiet

string a, b, c, d;
string arr[int];

BEGIN
{
	a = stringof((char *)&curthread->comm);
	b = "0123456789012345678901234567890123456789";
	c = pid ? a : b;
	d = c;
	arr[1] = a; arr[2] = b; arr[3] = c; arr[4] = d;
	printf("%s %s %s %s\n", a, b, c, d);
	printf("%s %s %s %s\n", arr[1], arr[2], arr[3], arr[4]);
	printf("%d %d %d\n", a == c, b == c, arr[1] == arr[4]);
	printf("%s %s\n", a == d ? arr[2] : arr[1], a == b ? arr[2] : arr[1]);
	@[arr[1], arr[2], a] = count();
	exit(0);
}

END
{
	printa("%s %s %s %@d\n", @);
	printf("%s %s %s %s\n", arr[1], b, arr[3], arr[4]);
}
