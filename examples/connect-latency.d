#!/usr/sbin/dtrace -s
/*
 * How long connections take to be established, and how many are refused.
 *
 *	connect-latency.d ADDRESS4 ADDRESS6
 *
 * The arguments are this end's addresses: others' connections stay out.
 */
#pragma D option quiet

uint64_t start[uint64_t];

tcp:::connect-request
/args[2]->ip_saddr == $$1 || args[2]->ip_saddr == $$2/
{
	start[args[1]->cs_cid] = timestamp;
}

/* The SYN,ACK: its source is the other end. */
tcp:::connect-established
/start[args[1]->cs_cid] != 0/
{
	@latency[args[2]->ip_saddr] = quantize((timestamp - start[args[1]->cs_cid]) / 1000);
	start[args[1]->cs_cid] = 0;
}

tcp:::connect-refused
/start[args[1]->cs_cid] != 0/
{
	@refused[args[2]->ip_saddr] = count();
	start[args[1]->cs_cid] = 0;
}

dtrace:::END
{
	printf("Microseconds to connect to");
	printa("\n  %s%@d", @latency);
	printf("\nConnections refused by\n");
	printa("  %-24s %@8d\n", @refused);
}
