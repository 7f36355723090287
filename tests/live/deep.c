/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deep ADDRESS PORT COUNT [wait]: sends so many datagrams of a byte from a chain of
 * functions that each have a frame: deep_main() > deep_outer() > deep_inner(). Says
 * "pid N" first; with "wait" it then lives until its input ends.
 *
 * deep ADDRESS PORT COUNT hold: says where it has room for a text too, sends when a
 * line comes, and then says what is there.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FRAME __attribute__((noinline, noclone, optimize("no-omit-frame-pointer", "O0")))

/* The call by itself: libc's functions need not have a frame. */
FRAME static long deep_inner(int fd, const struct sockaddr_in *to)
{
	long result;
#if defined(__x86_64__)
	register long r10 __asm__("r10") = 0;
	register const void *r8 __asm__("r8") = to;
	register long r9 __asm__("r9") = sizeof(*to);

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_sendto), "D"((long)fd), "S"("x"), "d"(1L), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
#else
	result = sendto(fd, "x", 1, 0, (const struct sockaddr *)to, sizeof(*to));
#endif
	return result;
}

FRAME static long deep_outer(int fd, const struct sockaddr_in *to)
{
	long sent = deep_inner(fd, to);

	return sent + 1; /* (no tail call) */
}

FRAME int deep_main(int fd, const struct sockaddr_in *to, int count)
{
	long sent = 0;

	for (int i = 0; i < count; i++)
		sent += deep_outer(fd, to);
	return sent == 2 * count ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), status;
	static char room[32] = "untouched";
	bool hold = argc > 4 && !strcmp(argv[4], "hold");
	char c;

	if (argc < 4 || fd < 0 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		return 2;
	to.sin_port = htons((unsigned short)atoi(argv[2]));
	printf("pid %d at %lu\n", (int)getpid(), (unsigned long)room);
	fflush(stdout);
	if (hold && read(0, &c, 1) != 1)
		return 2;
	status = deep_main(fd, &to, atoi(argv[3]));
	if (hold)
		printf("room %.*s\n", (int)sizeof(room), room);
	else if (argc > 4)
		while (read(0, &c, 1) > 0)
			;
	return status;
}
