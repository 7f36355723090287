/* SPDX-License-Identifier: BSD-2-Clause */
/* Stores to where nothing of the program's is, and beyond an array, are faults of that clause alone. */
#pragma D option quiet

int a[3];
int *p;
int n;
struct s {
	int x;
} *q;

ERROR { printf("fault %d in action %d\n", arg4, arg2); n++; }

BEGIN { p = NULL; *p = 1; printf("not here\n"); }
BEGIN { p = (int *)4096; *p = 1; printf("not here\n"); }
BEGIN { q = NULL; q->x = 1; printf("not here\n"); }
BEGIN { p = (int *)curthread; *p = 1; printf("not here\n"); }
BEGIN { this->i = 3; a[this->i] = 1; printf("not here\n"); }
BEGIN { this->i = -1; trace(a[this->i]); printf("not here\n"); }
BEGIN { p = a; p[100000] = 1; printf("not here\n"); }
BEGIN { exit(0); }
END { printf("%d faults\n", n); }
