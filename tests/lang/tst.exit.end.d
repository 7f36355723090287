/* exit() in END has the last word. */
#pragma D option quiet

BEGIN
{
	exit(1);
}

END
{
	exit(3);
}
