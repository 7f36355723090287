/* SPDX-License-Identifier: BSD-2-Clause */
/* A char array of the kernel is a string: compared, stored, a key, with stringof and a cast. */
#pragma D option quiet

string s;

BEGIN
{
	s = curthread->comm;
	printf("%s %d\n", s, s == execname);
	printf("%d\n", curthread->comm == execname);
	printf("%d\n", stringof(curthread->comm) == execname);
	printf("%d\n", (string)curthread->comm == "dtrace");
	printf("%s\n", curthread->comm);
	printf("%s\n", stringof(curthread->comm));
	@[curthread->comm] = count();
	@[stringof(curthread->comm)] = count();
	arr[stringof(curthread->comm)] = 5;
	printf("%d\n", arr[execname]);
	printf("%d %d\n", curthread->comm < "e", curthread->comm > "e");
	exit(0);
}

END
{
	printa("%s %@d\n", @);
}
