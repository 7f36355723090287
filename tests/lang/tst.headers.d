/* SPDX-License-Identifier: BSD-2-Clause */
/* System headers: types and constants are had, functions and what is for C compilers alone is not. */
#pragma D option quiet
#include <stdint.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <linux/tcp.h>

int twice(int, char *);
extern int snapshot(struct sockaddr *where, size_t n) __attribute__ ((__nonnull__ (1)));
_Static_assert(sizeof(long) == 8, "LP64; (really)");
typedef __signed__ char tiny __attribute__ ((__aligned__ (1)));
__extension__ typedef struct { unsigned long long wide; } pair;

struct sockaddr_in6 there;
tiny small;

BEGIN
{
	there.sin6_port = htons(443);
	there.sin6_addr.s6_addr[0] = 0xfe;
	there.sin6_addr.s6_addr[1] = 0x80;
	there.sin6_addr.s6_addr[15] = 7;
	printf("%s %d\n", inet_ntoa6(&there.sin6_addr), ntohs(there.sin6_port));
	printf("%d %d %d %d\n", sizeof(struct tcphdr), sizeof(struct sockaddr_in6),
	    sizeof(struct sockaddr_storage), sizeof(pair));
	printf("%d %d %d %d\n", IPPROTO_TCP, TCP_NODELAY, SO_REUSEADDR, TCP_ESTABLISHED);
	small = -1;
	printf("%d\n", small);
	exit(0);
}
