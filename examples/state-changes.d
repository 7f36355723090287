#!/usr/sbin/dtrace -s
/*
 * TCP state changes as they happen.
 *
 *	state-changes.d ADDRESS4 ADDRESS6
 *
 * The arguments are this end's addresses: others' connections stay out.
 */
#pragma D option quiet
#pragma D option switchrate=20hz

dtrace:::BEGIN
{
	start = timestamp;
	printf("%7s %5s  %-14s %5s  %s\n", "MS", "LPORT", "REMOTE", "RPORT", "STATE");
}

tcp:::state-change
/args[3]->tcps_laddr == $$1 || args[3]->tcps_laddr == $$2/
{
	printf("%7d %5d  %-14s %5d  %s -> %s\n", (timestamp - start) / 1000000,
	    args[3]->tcps_lport, args[3]->tcps_raddr, args[3]->tcps_rport,
	    substr(tcp_state_string[args[5]->tcps_state], 6),
	    substr(tcp_state_string[args[3]->tcps_state], 6));
}
