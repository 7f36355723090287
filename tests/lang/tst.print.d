/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet
/* print: values with their types, member by member. The 16 bytes are this command's name. */
enum sign { BELOW = -2 };
enum word { OTHER = 1, DTRA = 0x61727464 };
struct pair { char c; unsigned char u; };
struct named {
	struct pair first;
	union { short s; char t[2]; };
	unsigned int lo : 3, : 4, hi : 12;
	int64_t rest;
};
struct words { enum word w; enum word unknown; };
struct pairs { struct pair p[2]; void *where; struct pair none[0]; };
struct bytes { unsigned char b[7]; int none[2]; };
typedef struct pair pair_t;

BEGIN
{
	print(0); printf("\n");
	print(42); printf("\n");
	print(-1); printf("\n");
	print((char)'x'); printf("\n");
	print((int8_t)-1); printf("\n");
	print((uint64_t)1 << 63); printf("\n");
	print("a \"string\""); printf("\n");
	print("back\\slash"); printf("\n");
	print(""); printf("\n");
	print(curthread->comm); printf("\n");
	print((void *)0xfeed); printf("\n");
	print(BELOW); printf("\n");
	print((enum sign)-5); printf("\n");
	print(DTRA); printf("\n");
	print(*(struct named *)curthread->comm); printf("\n");
	print(*(struct words *)curthread->comm); printf("\n");
	print(*(struct pairs *)curthread->comm); printf("\n");
	print(((struct bytes *)curthread->comm)->b); printf("\n");
	print(*(pair_t *)curthread->comm); printf("\n");
	exit(0);
}
