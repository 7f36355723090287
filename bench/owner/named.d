/* Bytes of datagrams by process. */
udp:::send,
udp:::receive
{
	@[args[1]->cs_execname] = quantize(args[4]->udp_length);
}
