/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of every representation in one aggregation are one key when the text is the same. */
#pragma D option quiet

string s;

BEGIN
{
	s = "dtrace";
	@["dtrace"] = count();
	@[execname] = count();
	@[s] = count();
	@[curthread->comm] = count();
	@[stringof((char *)&curthread->comm)] = count();
	@two["dtrace", 1] = sum(1);
	@two[execname, 1] = sum(2);
	@two[execname, -1] = sum(4);
	exit(0);
}

END
{
	printa("%s %@d\n", @);
	printa("%s %d %@d\n", @two);
}
