#!/usr/sbin/dtrace -s
/*
 * Sizes of IP payloads by interface.
 *
 *	payload-sizes.d ADDRESS4 ADDRESS6
 *
 * The arguments are this end's addresses: others' packets stay out.
 */
#pragma D option quiet

ip:::send
/args[2]->ip_saddr == $$1 || args[2]->ip_saddr == $$2/
{
	@bytes[args[3]->if_name, "sent"] = quantize(args[2]->ip_plength);
}

ip:::receive
/args[2]->ip_daddr == $$1 || args[2]->ip_daddr == $$2/
{
	@bytes[args[3]->if_name, "received"] = quantize(args[2]->ip_plength);
}

dtrace:::END
{
	printf("Payload bytes of IP packets");
	printa("\n  %s, %s%@d", @bytes);
}
