/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", strjoin("foo", "bar"));
	printf("<%s>\n", strjoin("", ""));
	printf("<%s>\n", strjoin("", "b"));
	printf("<%s>\n", strjoin("a", ""));
	printf("<%s>\n", strjoin("1234567", "8"));
	printf("<%s>\n", strjoin("12345678", "9"));
	printf("<%s>\n", strjoin(strjoin("a", "b"), strjoin("c", "d")));
	printf("<%s>\n", strjoin(strjoin("abc", "def"), substr("xyz", 1, 2)));
	printf("<%s>\n", strjoin("123456789012345", "abcdefghijklmno"));
	x = strjoin("one", ",");
	x = strjoin(x, "two");
	printf("<%s>\n", x);
	x = strjoin(x, x);
	printf("<%s>\n", x);
	this->y = strjoin(probeprov, probename);
	printf("<%s>\n", this->y);
	a["k"] = strjoin(this->y, "!");
	printf("<%s>\n", strjoin(a["k"], a["none"]));
	exit(0);
}
