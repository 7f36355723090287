/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of the clause's own: written and read through pointers, also by other clauses of the firing. */
#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(3 * sizeof (int));
	this->p[0] = 7;
	this->p[1] = this->p[0] + 1;
	*(this->p + 2) = 9;
	printf("<%d>\n", this->p[0] * 100 + this->p[1] * 10 + this->p[2]);
	this->c = (char *)alloca(8);
	this->c[0] = 'a';
	this->c[1] = 'b';
	this->c[2] = 0;
	printf("<%s>\n", stringof(this->c));
	printf("<%s>\n", strjoin(stringof(this->c), "!"));
	this->b = (char *)alloca(8);
	bcopy(this->c, this->b, 3);
	this->b[1] = 'x';
	printf("<%s>\n", stringof(this->b));
	printf("<%s>\n", stringof(this->c));
	n = 5;
	this->d = (char *)alloca(n);
	bcopy(curthread->comm, this->d, n);
	this->d[4] = 0;
	printf("<%s>\n", stringof(this->d));
	bcopy(this->d + 1, this->d, 4);
	printf("<%s>\n", stringof(this->d));
	bcopy(NULL, NULL, 0);
	printf("<%d>\n", alloca(0) != NULL);
	exit(0);
}
