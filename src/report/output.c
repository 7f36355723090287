/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#define BLOCK 65536

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

static int redirect_to(struct output *o, const char *path)
{
	int fd = fileno(o->file), to = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666),
	    err = 0;

	if (to < 0)
		return -errno;
	if (!o->first)
		o->first = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (o->first < 0 || dup2(to, fd) < 0)
		err = -errno;
	if (o->first < 0)
		o->first = 0;
	close(to);
	return err;
}

static int redirect_back(struct output *o)
{
	int err;

	if (!o->first)
		return 0;
	err = dup2(o->first, fileno(o->file)) < 0 ? -errno : 0;
	close(o->first);
	o->first = 0;
	return err;
}

int output_redirect(struct output *o, const char *path)
{
	if (fileno(o->file) < 0)
		return -EBADF;
	write_text(o);
	return path ? redirect_to(o, path) : redirect_back(o);
}

void output_truncate(struct output *o)
{
	int fd = fileno(o->file);

	write_text(o);
	if (fd >= 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) < 0 && o->error == 0)
		o->error = -errno;
}

void output_free(struct output *o)
{
	buf_free(&o->text);
	if (o->first)
		redirect_back(o);
}
