/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens one after the other; a text without any gives NULL. */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", strtok("a,b", ","));
	printf("<%s>\n", strtok(NULL, ","));
	printf("<%s>\n", strtok(NULL, ","));
	printf("<%s>\n", strtok(",;a,;b;,", ",;"));
	printf("<%s>\n", strtok(NULL, ",;"));
	printf("<%s>\n", strtok(NULL, ",;"));
	printf("<%s>\n", strtok("", ","));
	printf("<%s>\n", strtok(",,,", ","));
	printf("<%s>\n", strtok("abc", ""));
	printf("<%s>\n", strtok("abc", "xyz"));
	printf("<%s>\n", strtok("one two\tthree", " "));
	printf("<%s>\n", strtok(NULL, "\t"));
	printf("<%s>\n", strtok(NULL, "\t"));
	s = "k=v";
	printf("<%s>\n", strtok(s, "="));
	printf("<%s>\n", s);
	printf("<%s>\n", strjoin(strtok(NULL, "="), "!"));
	printf("<%d>\n", strtok("x", "x") == NULL);
	printf("<%d>\n", strtok("xy", "x") != NULL);
	printf("<%s>\n", strtok("\377a\200b", "\200\377"));
	printf("<%s>\n", strtok(NULL, "\200\377"));
	printf("<%s>\n", strtok("a,b", ","));
	printf("<%s>\n", strtok("a,b", "x"));
	printf("<%d>\n", strlen(strtok("\377ab", "\377")));
	printf("<%d>\n", strlen(strtok("a\377b", ",")));
	exit(0);
}
