/* -Z: a clause of no probe is checked all the same. */
nosuch:::probe
{
	x = nosuch;
}

BEGIN
{
	exit(0);
}
