/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/output.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define BLOCK 65536

void output_free(struct output *o)
{
	buf_free(&o->text);
}

/* All of it to the descriptor, also one that does not block. 0 or -errno. */
static int write_all(int fd, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, s, n);

		if (done >= 0) {
			s += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN) {
			struct pollfd ready = {.fd = fd, .events = POLLOUT};

			if (poll(&ready, 1, -1) < 0 && errno != EINTR)
				return -errno;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

/* Streams without a descriptor are memory: those of tests. */
static int write_stream(FILE *file, const char *s, size_t n)
{
	errno = 0;
	if (fwrite(s, 1, n, file) == n && fflush(file) == 0)
		return 0;
	return errno ? -errno : -EIO;
}

static void write_text(struct output *o)
{
	int fd = fileno(o->file);

	if (o->error == 0 && o->text.n > 0) {
		/* What others have put into the stream comes first. */
		if (fflush(o->file) != 0)
			o->error = -errno;
		else if (fd >= 0)
			o->error = write_all(fd, o->text.s, o->text.n);
		else
			o->error = write_stream(o->file, o->text.s, o->text.n);
	}
	buf_reset(&o->text);
}

void output_line(struct output *o)
{
	if (o->text.n >= BLOCK)
		write_text(o);
}

int output_flush(struct output *o)
{
	write_text(o);
	if (o->error == 0 && fflush(o->file) != 0)
		o->error = -errno;
	return o->error;
}

void output_truncate(struct output *o)
{
	int fd = fileno(o->file);

	write_text(o);
	if (fd >= 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) < 0 && o->error == 0)
		o->error = -errno;
}
