/* SPDX-License-Identifier: BSD-2-Clause */
/* Casts, sizeof and offsetof; declared structs, unions, enums, bit-fields, typedefs. */
#pragma D option quiet

struct inner { char c; int i; };
struct outer {
	short s;
	struct inner in;
	struct inner arr[3];
	union { int64_t l; char b[8]; } u;
	unsigned int f1 : 3, f2 : 5;
	char tail[5];
};
typedef struct outer outer_t;
typedef unsigned char byte_t;
enum color { RED, GREEN = 5, BLUE };
typedef enum color color_t;
int64_t v;
color_t col;

BEGIN
{
	v = 0x123456789;
	col = BLUE;
}

BEGIN
{
	printf("sizeof (char) = %d\n", sizeof (char));
	printf("sizeof (short) = %d\n", sizeof (short));
	printf("sizeof (int) = %d\n", sizeof (int));
	printf("sizeof (long) = %d\n", sizeof (long));
	printf("sizeof (long long) = %d\n", sizeof (long long));
	printf("sizeof (void *) = %d\n", sizeof (void *));
	printf("sizeof (uintptr_t) = %d\n", sizeof (uintptr_t));
	printf("sizeof (size_t) = %d\n", sizeof (size_t));
	printf("sizeof (uint16_t) = %d\n", sizeof (uint16_t));
	printf("sizeof (pid_t) = %d\n", sizeof (pid_t));
	printf("sizeof (struct inner) = %d\n", sizeof (struct inner));
	printf("sizeof (outer_t) = %d\n", sizeof (outer_t));
	printf("sizeof (byte_t) = %d\n", sizeof (byte_t));
	printf("sizeof (color_t) = %d\n", sizeof (color_t));
	printf("sizeof (int *) = %d\n", sizeof (int *));
	printf("sizeof (struct outer *) = %d\n", sizeof (struct outer *));
	printf("offsetof(struct outer, in) = %d\n", offsetof(struct outer, in));
	printf("offsetof(struct outer, in.i) = %d\n", offsetof(struct outer, in.i));
	printf("offsetof(outer_t, arr) = %d\n", offsetof(outer_t, arr));
	printf("offsetof(outer_t, u) = %d\n", offsetof(outer_t, u));
	printf("offsetof(outer_t, u.l) = %d\n", offsetof(outer_t, u.l));
	printf("offsetof(outer_t, tail) = %d\n", offsetof(outer_t, tail));
	printf("sizeof (((struct outer *)0)->tail) = %d\n", sizeof (((struct outer *)0)->tail));
	printf("sizeof (((outer_t *)0)->arr) = %d\n", sizeof (((outer_t *)0)->arr));
	printf("sizeof v = %d\n", sizeof v);
	printf("sizeof (v) = %d\n", sizeof (v));
	printf("sizeof (v = 5) = %d\n", sizeof (v = 5));
	printf("RED = %d\n", RED);
	printf("GREEN = %d\n", GREEN);
	printf("BLUE = %d\n", BLUE);
	printf("col = %d\n", col);
	printf("col == BLUE = %d\n", col == BLUE);
	printf("col > GREEN = %d\n", col > GREEN);
	printf("(color_t)5 == GREEN = %d\n", (color_t)5 == GREEN);
	printf("(char)v = %d\n", (char)v);
	printf("(byte_t)v = %d\n", (byte_t)v);
	printf("(short)v = %d\n", (short)v);
	printf("(int)v = %d\n", (int)v);
	printf("(uint32_t)v = %x\n", (uint32_t)v);
	printf("(int64_t)v = %x\n", (int64_t)v);
	printf("(int)(char)0x1ff = %d\n", (int)(char)0x1ff);
	printf("(unsigned char)(char)-1 = %d\n", (unsigned char)(char)-1);
	printf("(uint64_t)(int)-1 = %u\n", (uint64_t)(int)-1);
	printf("(uint64_t)(unsigned int)-1 = %u\n", (uint64_t)(unsigned int)-1);
	printf("(void *)0x1000 = %p\n", (void *)0x1000);
	printf("(uintptr_t)((int *)0x1000 + 2) = %x\n", (uintptr_t)((int *)0x1000 + 2));
	printf("(uintptr_t)((char *)0x1000 + 2) = %x\n", (uintptr_t)((char *)0x1000 + 2));
	printf("(int *)0x1010 - (int *)0x1000 = %d\n", (int *)0x1010 - (int *)0x1000);
	printf("(int *)0x1010 > (int *)0x1000 = %d\n", (int *)0x1010 > (int *)0x1000);
	printf("(struct inner *)0 == NULL = %d\n", (struct inner *)0 == NULL);
	printf("(uintptr_t)&((struct outer *)0x1000)->in.i = %x\n", (uintptr_t)&((struct outer *)0x1000)->in.i);
	printf("(uintptr_t)&((struct outer *)0x1000)->arr[2] = %x\n", (uintptr_t)&((struct outer *)0x1000)->arr[2]);
	printf("v != 0 && (int *)v != NULL = %d\n", v != 0 && (int *)v != NULL);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("sizeof (char) = %d\n", sizeof (char));
	printf("sizeof (short) = %d\n", sizeof (short));
	printf("sizeof (int) = %d\n", sizeof (int));
	printf("sizeof (long) = %d\n", sizeof (long));
	printf("sizeof (long long) = %d\n", sizeof (long long));
	printf("sizeof (void *) = %d\n", sizeof (void *));
	printf("sizeof (uintptr_t) = %d\n", sizeof (uintptr_t));
	printf("sizeof (size_t) = %d\n", sizeof (size_t));
	printf("sizeof (uint16_t) = %d\n", sizeof (uint16_t));
	printf("sizeof (pid_t) = %d\n", sizeof (pid_t));
	printf("sizeof (struct inner) = %d\n", sizeof (struct inner));
	printf("sizeof (outer_t) = %d\n", sizeof (outer_t));
	printf("sizeof (byte_t) = %d\n", sizeof (byte_t));
	printf("sizeof (color_t) = %d\n", sizeof (color_t));
	printf("sizeof (int *) = %d\n", sizeof (int *));
	printf("sizeof (struct outer *) = %d\n", sizeof (struct outer *));
	printf("offsetof(struct outer, in) = %d\n", offsetof(struct outer, in));
	printf("offsetof(struct outer, in.i) = %d\n", offsetof(struct outer, in.i));
	printf("offsetof(outer_t, arr) = %d\n", offsetof(outer_t, arr));
	printf("offsetof(outer_t, u) = %d\n", offsetof(outer_t, u));
	printf("offsetof(outer_t, u.l) = %d\n", offsetof(outer_t, u.l));
	printf("offsetof(outer_t, tail) = %d\n", offsetof(outer_t, tail));
	printf("sizeof (((struct outer *)0)->tail) = %d\n", sizeof (((struct outer *)0)->tail));
	printf("sizeof (((outer_t *)0)->arr) = %d\n", sizeof (((outer_t *)0)->arr));
	printf("sizeof v = %d\n", sizeof v);
	printf("sizeof (v) = %d\n", sizeof (v));
	printf("sizeof (v = 5) = %d\n", sizeof (v = 5));
	printf("RED = %d\n", RED);
	printf("GREEN = %d\n", GREEN);
	printf("BLUE = %d\n", BLUE);
	printf("col = %d\n", col);
	printf("col == BLUE = %d\n", col == BLUE);
	printf("col > GREEN = %d\n", col > GREEN);
	printf("(color_t)5 == GREEN = %d\n", (color_t)5 == GREEN);
	printf("(char)v = %d\n", (char)v);
	printf("(byte_t)v = %d\n", (byte_t)v);
	printf("(short)v = %d\n", (short)v);
	printf("(int)v = %d\n", (int)v);
	printf("(uint32_t)v = %x\n", (uint32_t)v);
	printf("(int64_t)v = %x\n", (int64_t)v);
	printf("(int)(char)0x1ff = %d\n", (int)(char)0x1ff);
	printf("(unsigned char)(char)-1 = %d\n", (unsigned char)(char)-1);
	printf("(uint64_t)(int)-1 = %u\n", (uint64_t)(int)-1);
	printf("(uint64_t)(unsigned int)-1 = %u\n", (uint64_t)(unsigned int)-1);
	printf("(void *)0x1000 = %p\n", (void *)0x1000);
	printf("(uintptr_t)((int *)0x1000 + 2) = %x\n", (uintptr_t)((int *)0x1000 + 2));
	printf("(uintptr_t)((char *)0x1000 + 2) = %x\n", (uintptr_t)((char *)0x1000 + 2));
	printf("(int *)0x1010 - (int *)0x1000 = %d\n", (int *)0x1010 - (int *)0x1000);
	printf("(int *)0x1010 > (int *)0x1000 = %d\n", (int *)0x1010 > (int *)0x1000);
	printf("(struct inner *)0 == NULL = %d\n", (struct inner *)0 == NULL);
	printf("(uintptr_t)&((struct outer *)0x1000)->in.i = %x\n", (uintptr_t)&((struct outer *)0x1000)->in.i);
	printf("(uintptr_t)&((struct outer *)0x1000)->arr[2] = %x\n", (uintptr_t)&((struct outer *)0x1000)->arr[2]);
	printf("v != 0 && (int *)v != NULL = %d\n", v != 0 && (int *)v != NULL);
}
