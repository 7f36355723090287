/* A width before the '@', behind it, and one larger than a screen. */
#pragma D option quiet

BEGIN
{
	@[1] = count();
	printa("%d|%8@d|%-10@u|%@8d|%@-8d|\n", @);
	printf("%70000d|\n", 1);
	exit(0);
}
