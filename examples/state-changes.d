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

inline string name[int32_t state] =
    state == TCPS_CLOSED ? "closed" : state == TCPS_LISTEN ? "listen" :
    state == TCPS_SYN_SENT ? "syn-sent" : state == TCPS_SYN_RECEIVED ? "syn-received" :
    state == TCPS_ESTABLISHED ? "established" : state == TCPS_CLOSE_WAIT ? "close-wait" :
    state == TCPS_FIN_WAIT_1 ? "fin-wait-1" : state == TCPS_FIN_WAIT_2 ? "fin-wait-2" :
    state == TCPS_CLOSING ? "closing" : state == TCPS_LAST_ACK ? "last-ack" : "time-wait";

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
	    name[args[5]->tcps_state], name[args[3]->tcps_state]);
}
