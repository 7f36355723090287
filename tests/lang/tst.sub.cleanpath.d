/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", cleanpath("/usr/bin"));
	printf("<%s>\n", cleanpath(""));
	printf("<%s>\n", cleanpath("/"));
	printf("<%s>\n", cleanpath("//"));
	printf("<%s>\n", cleanpath("a"));
	printf("<%s>\n", cleanpath("/a//b///c"));
	printf("<%s>\n", cleanpath("/a/./b"));
	printf("<%s>\n", cleanpath("/a/././b/."));
	printf("<%s>\n", cleanpath("/a/../b"));
	printf("<%s>\n", cleanpath("/a/b/../../c"));
	printf("<%s>\n", cleanpath("/a/b/c/../d"));
	printf("<%s>\n", cleanpath("/.."));
	printf("<%s>\n", cleanpath("/../.."));
	printf("<%s>\n", cleanpath("/../x"));
	printf("<%s>\n", cleanpath("/../../../x/y"));
	printf("<%s>\n", cleanpath("/a/.."));
	printf("<%s>\n", cleanpath("/a/b/.."));
	printf("<%s>\n", cleanpath("/a/.b"));
	printf("<%s>\n", cleanpath("/a/..b"));
	printf("<%s>\n", cleanpath("/a/..."));
	printf("<%s>\n", cleanpath("/a/.../b"));
	printf("<%s>\n", cleanpath("../a"));
	printf("<%s>\n", cleanpath("./a"));
	printf("<%s>\n", cleanpath("/a/"));
	printf("<%s>\n", cleanpath("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/../b"));
	printf("<%s>\n", cleanpath(strjoin("/foo/bar/../", "baz")));
	exit(0);
}
