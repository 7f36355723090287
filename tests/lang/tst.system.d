/* SPDX-License-Identifier: BSD-2-Clause */
/* system: a command, in its place between what is printed; END's too. */
#pragma D option quiet
#pragma D option destructive

BEGIN
{
	printf("first\n");
	system("echo second %d %s; exit 3", 2, "two");
	printf("third\n");
	system("");
	exit(0);
}

END
{
	system("echo %%");
}
