/* SPDX-License-Identifier: BSD-2-Clause */
/* Inlines: plain, computed, with parameters, string-valued, in each other, not evaluated when not used. */
#pragma D option quiet

inline int ANSWER = 42;
inline string GREETING = "hello";
inline int64_t DOUBLE[int64_t n] = n * 2;
inline int ADD[int a, int b] = a + b;
inline string NAME[int n] = n == 1 ? "one" : n == 2 ? "two" : "other";
inline int QUAD[int n] = DOUBLE[DOUBLE[n]];
inline unsigned char LOW[int n] = n;
inline string PICK[string a, int which] = which ? a : GREETING;
inline int PID = pid;
inline int NEXT = ++calls;

int calls;
int x;

BEGIN
{
	x = 2;
	printf("%d %s %d\n", ANSWER, GREETING, ANSWER + 1);
	printf("%d %d\n", DOUBLE[x], DOUBLE[-5000000000]);
	printf("%d\n", ADD[x, DOUBLE[x]]);
	printf("%s %s %s\n", NAME[1], NAME[x], NAME[x + 1]);
	printf("%d\n", QUAD[x + 1]);
	printf("%d %d\n", LOW[258], LOW[x + 255]);
	printf("%s %s %s\n", PICK["text", 1], PICK["text", x - 2], PICK[execname, x]);
	printf("%d\n", NAME[x] == "two");
	printf("%d\n", PID == pid);
	printf("%d %d %d\n", calls, NEXT, NEXT);
	@a[NAME[x]] = count();
}

BEGIN
/NAME[x] == "two" && ANSWER == 42/
{
	printa("%s\n", @a);
	exit(ANSWER - 42);
}

END
/calls == 2/
{
	printf("done\n");
}
