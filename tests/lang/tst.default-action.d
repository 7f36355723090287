/* SPDX-License-Identifier: BSD-2-Clause */
/* A clause without a body, with and without a predicate; an empty body traces nothing. */
#pragma D option quiet

BEGIN
/0/

BEGIN
/1/

BEGIN
{
}

BEGIN
{
	exit(0);
}
