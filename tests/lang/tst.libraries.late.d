/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and types of the libraries in inlines, casts and sizeof, without network probes. */
#pragma D option quiet

inline int STATE = TCPS_ESTABLISHED;
inline string NAME[int s] = tcp_state_string[s];

BEGIN
{
	printf("%d %s %d\n", STATE, NAME[STATE], sizeof (tcpinfo_t) > 0);
	printf("%d\n", (tcpinfo_t *)0 == NULL);
	exit(0);
}
