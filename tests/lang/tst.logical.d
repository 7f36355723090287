/* SPDX-License-Identifier: BSD-2-Clause */
/* Logical operators give 0 or 1, ^^ too. */
#pragma D option quiet

int z, a;
int64_t l;

BEGIN
{
	z = 0;
	a = -5;
	l = 0x100000000;
}

BEGIN
{
	printf("a && l = %d\n", a && l);
	printf("a && z = %d\n", a && z);
	printf("z || z = %d\n", z || z);
	printf("z || l = %d\n", z || l);
	printf("l && 1 = %d\n", l && 1);
	printf("!l = %d\n", !l);
	printf("a ^^ z = %d\n", a ^^ z);
	printf("a ^^ l = %d\n", a ^^ l);
	printf("z ^^ z = %d\n", z ^^ z);
	printf("z ^^ l = %d\n", z ^^ l);
	printf("!z && !z = %d\n", !z && !z);
	printf("!(a && z) = %d\n", !(a && z));
	printf("a && z || l = %d\n", a && z || l);
	printf("z && z || z = %d\n", z && z || z);
	printf("l || z && z = %d\n", l || z && z);
	printf("(a || z) && z = %d\n", (a || z) && z);
	printf("(l ? 1 : 2) = %d\n", (l ? 1 : 2));
	printf("a ? z ? 1 : 2 : 3 = %d\n", a ? z ? 1 : 2 : 3);
	printf("(a && l) + (z || a) = %d\n", (a && l) + (z || a));
	printf("!(a < 0) || !(z > 0) = %d\n", !(a < 0) || !(z > 0));
	printf("a & 1 && a & 2 = %d\n", a & 1 && a & 2);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("a && l = %d\n", a && l);
	printf("a && z = %d\n", a && z);
	printf("z || z = %d\n", z || z);
	printf("z || l = %d\n", z || l);
	printf("l && 1 = %d\n", l && 1);
	printf("!l = %d\n", !l);
	printf("a ^^ z = %d\n", a ^^ z);
	printf("a ^^ l = %d\n", a ^^ l);
	printf("z ^^ z = %d\n", z ^^ z);
	printf("z ^^ l = %d\n", z ^^ l);
	printf("!z && !z = %d\n", !z && !z);
	printf("!(a && z) = %d\n", !(a && z));
	printf("a && z || l = %d\n", a && z || l);
	printf("z && z || z = %d\n", z && z || z);
	printf("l || z && z = %d\n", l || z && z);
	printf("(a || z) && z = %d\n", (a || z) && z);
	printf("(l ? 1 : 2) = %d\n", (l ? 1 : 2));
	printf("a ? z ? 1 : 2 : 3 = %d\n", a ? z ? 1 : 2 : 3);
	printf("(a && l) + (z || a) = %d\n", (a && l) + (z || a));
	printf("!(a < 0) || !(z > 0) = %d\n", !(a < 0) || !(z > 0));
	printf("a & 1 && a & 2 = %d\n", a & 1 && a & 2);
}
