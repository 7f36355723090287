/* SPDX-License-Identifier: BSD-2-Clause */
/* One clause that uses 30 thread-local strings of two representations: compared, as keys, printed, chosen, written. */
#include "repeat.d"

#pragma D option quiet

#define ALL(X) TEN(X, 1) TEN(X, 2) TEN(X, 3)

/* 0: never assigned; 1: a constant; 2: the kernel's */
#define SET(n) if (n % 3 == 1) self->s##n = "s" #n; else if (n % 3 == 2) self->s##n = execname;
#define COMPARE(n) same += self->s##n == "s" #n; names += self->s##n == execname; empty += self->s##n == "";
#define COUNT(n) @keys[self->s##n, n % 3] = count();
#define FORMAT(n) " [%s]"
#define ARGUMENT(n) , self->s##n
#define CHOOSE(n) this->text = self->s##n != "" ? self->s##n : this->text; names += this->text == "dtrace";

int same, names, empty;
this string text;

BEGIN
{
	ALL(SET)
}

BEGIN
{
	ALL(COMPARE)
	ALL(COUNT)
	printf("%d %d %d\n", same, names, empty);
	printf("%s" ALL(FORMAT) "\n", "each" ALL(ARGUMENT));
	ALL(CHOOSE)
	printf("%s %d\n", this->text, names);
	exit(0);
}

END
{
	trunc(@keys, 2);
	printa("[%s] %d: %@d\n", @keys);
	trunc(@keys);
}
