/* SPDX-License-Identifier: BSD-2-Clause */
/* Names from the libraries resolve in scripts without network probes. */
#pragma D option quiet

int i;

BEGIN
{
	i = 4;
	printf("%s %s\n", tcp_state_string[1], tcp_state_string[i]);
	printf("%s\n", tcp_state_string[TCPS_ESTABLISHED] == "state-established" ? "yes" : "no");
	printf("%d %d\n", AF_INET, IPPROTO_TCP);
	printf("%x %x %x\n", TH_SYN, TH_ACK, TH_FIN | TH_RST);
	printf("%d %d\n", ENOENT, SIGKILL);
	exit(0);
}
