/* SPDX-License-Identifier: BSD-2-Clause */
/* this-> lives through the clauses of one firing. */
#pragma D option quiet

BEGIN
{
	this->a = 5;
	this->s = "text";
	this->b = this->a * 2;
}

BEGIN
/this->a == 5/
{
	printf("%d %s %d\n", this->a, this->s, this->b);
	this->a = 6;
	this->s = "other";
}

BEGIN
/this->a == 5/
{
	printf("not here\n");
}

BEGIN
{
	printf("%d %s\n", this->a, this->s);
	exit(0);
}

END
{
	this->a++;
	printf("%d [%s]\n", this->a, this->s = this->a == 1 ? "end" : "?");
}
