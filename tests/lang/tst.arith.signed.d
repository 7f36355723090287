/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic of int and long: C's results, truncation towards zero. */
#pragma D option quiet

int a, b;
int64_t la, lb;

BEGIN
{
	a = -7;
	b = 2;
	la = -7;
	lb = -2;
}

BEGIN
{
	printf("a + b = %d\n", a + b);
	printf("a - b = %d\n", a - b);
	printf("a * b = %d\n", a * b);
	printf("a / b = %d\n", a / b);
	printf("a %% b = %d\n", a % b);
	printf("b / a = %d\n", b / a);
	printf("b %% a = %d\n", b % a);
	printf("a / -b = %d\n", a / -b);
	printf("a %% -b = %d\n", a % -b);
	printf("la / lb = %d\n", la / lb);
	printf("la %% lb = %d\n", la % lb);
	printf("la / b = %d\n", la / b);
	printf("la %% b = %d\n", la % b);
	printf("-la / lb = %d\n", -la / lb);
	printf("-la %% lb = %d\n", -la % lb);
	printf("a / 2 = %d\n", a / 2);
	printf("a %% 2 = %d\n", a % 2);
	printf("a / -2 = %d\n", a / -2);
	printf("a %% -2 = %d\n", a % -2);
	printf("a / 1 = %d\n", a / 1);
	printf("a / -1 = %d\n", a / -1);
	printf("a %% 1 = %d\n", a % 1);
	printf("a %% -1 = %d\n", a % -1);
	printf("la / -1 = %d\n", la / -1);
	printf("100 / b = %d\n", 100 / b);
	printf("-100 / a = %d\n", -100 / a);
	printf("-100 %% a = %d\n", -100 % a);
	printf("-a = %d\n", -a);
	printf("+a = %d\n", +a);
	printf("~a = %d\n", ~a);
	printf("!a = %d\n", !a);
	printf("!!a = %d\n", !!a);
	printf("- -a = %d\n", - -a);
	printf("a / 4 = %d\n", a / 4);
	printf("a %% 4 = %d\n", a % 4);
	printf("a / 8 = %d\n", a / 8);
	printf("a %% 8 = %d\n", a % 8);
	printf("a * 0 = %d\n", a * 0);
	printf("a * 8 = %d\n", a * 8);
	printf("a * -1 = %d\n", a * -1);
	printf("la * lb = %d\n", la * lb);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("a + b = %d\n", a + b);
	printf("a - b = %d\n", a - b);
	printf("a * b = %d\n", a * b);
	printf("a / b = %d\n", a / b);
	printf("a %% b = %d\n", a % b);
	printf("b / a = %d\n", b / a);
	printf("b %% a = %d\n", b % a);
	printf("a / -b = %d\n", a / -b);
	printf("a %% -b = %d\n", a % -b);
	printf("la / lb = %d\n", la / lb);
	printf("la %% lb = %d\n", la % lb);
	printf("la / b = %d\n", la / b);
	printf("la %% b = %d\n", la % b);
	printf("-la / lb = %d\n", -la / lb);
	printf("-la %% lb = %d\n", -la % lb);
	printf("a / 2 = %d\n", a / 2);
	printf("a %% 2 = %d\n", a % 2);
	printf("a / -2 = %d\n", a / -2);
	printf("a %% -2 = %d\n", a % -2);
	printf("a / 1 = %d\n", a / 1);
	printf("a / -1 = %d\n", a / -1);
	printf("a %% 1 = %d\n", a % 1);
	printf("a %% -1 = %d\n", a % -1);
	printf("la / -1 = %d\n", la / -1);
	printf("100 / b = %d\n", 100 / b);
	printf("-100 / a = %d\n", -100 / a);
	printf("-100 %% a = %d\n", -100 % a);
	printf("-a = %d\n", -a);
	printf("+a = %d\n", +a);
	printf("~a = %d\n", ~a);
	printf("!a = %d\n", !a);
	printf("!!a = %d\n", !!a);
	printf("- -a = %d\n", - -a);
	printf("a / 4 = %d\n", a / 4);
	printf("a %% 4 = %d\n", a % 4);
	printf("a / 8 = %d\n", a / 8);
	printf("a %% 8 = %d\n", a % 8);
	printf("a * 0 = %d\n", a * 0);
	printf("a * 8 = %d\n", a * 8);
	printf("a * -1 = %d\n", a * -1);
	printf("la * lb = %d\n", la * lb);
}
