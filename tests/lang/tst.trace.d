/* SPDX-License-Identifier: BSD-2-Clause */
/* trace of every type, in quiet: the value alone. */
#pragma D option quiet

int8_t c;
short s;
int64_t l;
string str;

BEGIN
{
	l = -5000000000;
	str = "string variable";
	s = 300;
	trace(1); trace("\n");
	trace(-1); trace("\n");
	trace(4294967295); trace("\n");
	trace(l); trace("\n");
	trace(s); trace("\n");
	trace('a'); trace("\n");
	trace((unsigned char)200); trace("\n");
	trace("literal"); trace("\n");
	trace(str); trace("\n");
	trace(execname); trace("\n");
	trace(probename); trace("\n");
	trace(18446744073709551615); trace("\n");
	trace(l < 0 ? "less" : "not less"); trace("\n");
	exit(0);
}
