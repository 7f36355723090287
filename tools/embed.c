/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * embed FILE... > dlib.c: files as C arrays, in the order given (src/dlib.h).
 * Runs at build time only. Bytes rather than string literals: no limit on
 * length, nothing to quote.
 */
#include <stdio.h>
#include <string.h>

static int embed(const char *path, int index, long *len)
{
	FILE *in = fopen(path, "rb");
	int c;

	if (!in) {
		perror(path);
		return -1;
	}
	printf("static const char text_%d[] = {", index);
	for (*len = 0; (c = getc(in)) != EOF; ++*len)
		printf("%s%d,", *len % 24 ? "" : "\n\t", (signed char)c);
	printf("\n\t0\n};\n\n");
	if (ferror(in))
		perror(path);
	c = ferror(in);
	fclose(in);
	return c ? -1 : 0;
}

int main(int argc, char **argv)
{
	static long lengths[1000];

	if (argc > 1000) {
		fprintf(stderr, "embed: too many files\n");
		return 1;
	}
	printf("/* Made by tools/embed.c. */\n#include \"dlib.h\"\n\n");
	for (int i = 1; i < argc; i++) {
		if (embed(argv[i], i, &lengths[i]) < 0)
			return 1;
	}
	printf("const struct dlib_file dlib_files[] = {\n");
	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');

		printf("\t{ \"%s\", text_%d, %ld },\n", slash ? slash + 1 : argv[i], i, lengths[i]);
	}
	printf("\t{ 0 },\n};\n\nconst size_t dlib_nfiles = %d;\n", argc - 1);
	return fflush(stdout) != 0;
}
