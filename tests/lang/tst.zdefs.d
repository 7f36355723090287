/* -Z: what a clause of no probe defines exists, also where its args[] are not known. */
#pragma D option quiet

nosuch:::probe
{
	@n = count();
	@m[args[0]->member] = sum(args[1]);
	number = 3;
	text = "a";
	array["a"] = 1;
}

nosuch:::probe
/args[0]->member == 3/
{
	unknown = args[0]->member;
	elsewhere[args[1]->member] = 1;
}

BEGIN
{
	unknown = "made by its next assignment";
	printf("%d [%s] %d %s\n", number, text, array["a"], unknown);
	exit(0);
}

END
{
	printa(@n);
}
