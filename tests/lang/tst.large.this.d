/* SPDX-License-Identifier: BSD-2-Clause */
/* this-> variables of each representation last from the first clause to the last of 1,000. */
#pragma D option quiet

#include "repeat.d"

int never, last;
this string unset;

BEGIN
{
	this->i = -42;
	this->literal = "a literal";
	this->name = execname;
	/* the name's bytes make good addresses */
	this->four = inet_ntop(AF_INET, &curthread->comm);
	this->six = inet_ntop(AF_INET6, &curthread->comm);
	this->either = pid ? inet_ntop(AF_INET, &curthread->comm) : "none";
	this->p = (char *)&curthread->comm;
	this->when = timestamp;
}

/* bodies that cannot be folded away */
#define CLAUSE(n) BEGIN { @[execname, n] = count(); this->sum += n; last = n; }

HUNDRED(CLAUSE, 10)
HUNDRED(CLAUSE, 11)
HUNDRED(CLAUSE, 12)
HUNDRED(CLAUSE, 13)
HUNDRED(CLAUSE, 14)

BEGIN
{
	this->middle = last;
	this->i--;
}

HUNDRED(CLAUSE, 15)
HUNDRED(CLAUSE, 16)
HUNDRED(CLAUSE, 17)
HUNDRED(CLAUSE, 18)
HUNDRED(CLAUSE, 19)

BEGIN
{
	printf("%d %s %s %s\n", this->i, this->literal, this->name, this->either);
	printf("%s %d %s %d\n", this->four, this->four == "100.116.114.97", this->six, this->six == "6474:7261:6365::");
	printf("%s %d [%s] %d\n", stringof(this->p), this->when == timestamp, this->unset, this->unset == "");
	printf("%d %d %d\n", this->sum, this->middle, last);
	trunc(@);
	exit(0);
}
