/* SPDX-License-Identifier: BSD-2-Clause */
/* As basename(3) and dirname(3). */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", basename("/usr/bin/ls"));
	printf("<%s>\n", dirname("/usr/bin/ls"));
	printf("<%s>\n", basename("/usr/bin/"));
	printf("<%s>\n", dirname("/usr/bin/"));
	printf("<%s>\n", basename("/usr"));
	printf("<%s>\n", dirname("/usr"));
	printf("<%s>\n", basename("usr"));
	printf("<%s>\n", dirname("usr"));
	printf("<%s>\n", basename("/"));
	printf("<%s>\n", dirname("/"));
	printf("<%s>\n", basename("//"));
	printf("<%s>\n", dirname("//"));
	printf("<%s>\n", basename(""));
	printf("<%s>\n", dirname(""));
	printf("<%s>\n", basename("."));
	printf("<%s>\n", dirname("."));
	printf("<%s>\n", basename(".."));
	printf("<%s>\n", dirname(".."));
	printf("<%s>\n", basename("a/b"));
	printf("<%s>\n", dirname("a/b"));
	printf("<%s>\n", basename("a//b//"));
	printf("<%s>\n", dirname("a//b//"));
	printf("<%s>\n", basename("//a"));
	printf("<%s>\n", dirname("//a"));
	printf("<%s>\n", dirname("//a//b"));
	printf("<%s>\n", dirname(dirname("/a/b/c")));
	p = "/var/log/x";
	printf("<%s>\n", strjoin(dirname(p), strjoin("/", basename(p))));
	exit(0);
}
