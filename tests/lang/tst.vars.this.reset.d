/* SPDX-License-Identifier: BSD-2-Clause */
/* this-> begins at 0 and "" in each firing. */
#pragma D option quiet

int n;
this int x;
this string s;

tick-20ms
{
	printf("%d [%s]\n", this->x, this->s);
	this->x = 5;
	this->s = "old";
	n++;
}

tick-20ms
/n == 3/
{
	exit(0);
}
