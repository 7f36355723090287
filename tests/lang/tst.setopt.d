/* SPDX-License-Identifier: BSD-2-Clause */
/* setopt: from the next record on, another form of printing; wrong ones are told of. */
#pragma D option quiet
#pragma D option destructive

BEGIN
{
	printf("quiet\n");
	trace("a");
	setopt("rawbytes");
	trace("b");
	setopt("rawbytes", "0");
	trace("c");
	setopt("nosuchoption");
	setopt("bufsize", "1m");
	setopt("switchrate", "often");
	setopt("switchrate");
	printf("\n");
}

BEGIN { @["x"] = sum(1); @["y"] = sum(2); setopt("aggsortrev", "true"); printa("%s %@d\n", @); exit(0); }
