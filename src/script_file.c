/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Script files: read whole (a FIFO or standard input as well) and, with -C,
 * sent through cpp.
 *
 * cpp reads the text on its standard input, so that "#!" lines can be blanked
 * first; the line markers it leaves ('# 12 "file" 3') become the "#line 12"
 * that D knows, with the script's own name where cpp says "<stdin>". Both ends
 * are unnamed temporary files: no pipe can fill up, nothing stays behind.
 */
#include "script_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

#define SCRIPT_MAX (256u << 20)

static int write_all(int fd, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, s, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		s += done;
		n -= (size_t)done;
	}
	return 0;
}

static int read_file(const char *name, struct buf *out)
{
	bool is_stdin = strcmp(name, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = buf_read(out, fd, SCRIPT_MAX); /* EISDIR for a directory */
	if (!is_stdin)
		close(fd);
	return err;
}

/* An unnamed temporary file. */
static int temporary_file(void)
{
	const char *dir = getenv("TMPDIR");
	char path[] = "/tmp/dtrace-XXXXXX";
	int fd = open(dir && *dir ? dir : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd < 0 ? -errno : fd;
}

/* In the child: becomes cpp. Does not return. */
static void exec_cpp(const struct script_cpp *cpp, int in, int out, int status)
{
	/* gcc's cpp defines these two outside the name space of C: D scripts may use them as names
	 */
	static const char *const fixed[] = {"-Ulinux", "-Uunix", "-D__dtrace__=1"};
	const size_t nfixed = sizeof(fixed) / sizeof(fixed[0]);
	const char **argv = calloc(nfixed + cpp->nargs + 2, sizeof(*argv));
	int err;

	if (argv && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0) {
		argv[0] = cpp->path;
		memcpy(argv + 1, fixed, sizeof(fixed));
		if (cpp->nargs)
			memcpy(argv + 1 + nfixed, cpp->args, cpp->nargs * sizeof(*argv));
		execvp(cpp->path, (char *const *)argv);
	}
	err = errno;
	if (write(status, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* 0, -errno if cpp could not be run, or its positive exit status. */
static int run_cpp(const struct script_cpp *cpp, int in, int out)
{
	int fds[2], err = 0, wstatus;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		err = errno;
		close(fds[0]);
		close(fds[1]);
		return -err;
	}
	if (pid == 0)
		exec_cpp(cpp, in, out, fds[1]);
	close(fds[1]);
	if (read(fds[0], &err, sizeof(err)) != sizeof(err))
		err = 0;
	close(fds[0]);
	while (waitpid(pid, &wstatus, 0) < 0 && errno == EINTR)
		;
	if (err)
		return -err;
	return WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : 128;
}

/* '# 12 "file" 3' -> '#line 12 "file"'; everything else as it is. */
static void convert_markers(const char *text, size_t len, const char *name, struct buf *out)
{
	static const char stdin_name[] = "\"<stdin>\"";
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		const char *quote = memchr(text, '"', (size_t)(stop - text));
		const char *close =
			quote ? memchr(quote + 1, '"', (size_t)(stop - quote - 1)) : NULL;

		if (stop - text > 2 && text[0] == '#' && text[1] == ' ' && close) {
			buf_puts(out, "#line ");
			buf_add(out, text + 2, (size_t)(quote - text - 2));
			if ((size_t)(close + 1 - quote) == sizeof(stdin_name) - 1 &&
			    memcmp(quote, stdin_name, sizeof(stdin_name) - 1) == 0)
				buf_printf(out, "\"%s\"", name);
			else
				buf_add(out, quote, (size_t)(close + 1 - quote));
		} else {
			buf_add(out, text, (size_t)(stop - text));
		}
		if (newline)
			buf_putc(out, '\n');
		text = stop + 1;
	}
}

/* cpp would take "#!" lines for directives: they become comments, and stay lines. */
static int write_without_interpreters(int fd, const char *text, size_t len)
{
	const char *end = text + len, *line = text, *newline;
	int err = 0;

	for (; !err && line < end; line = newline) {
		newline = memchr(line, '\n', (size_t)(end - line));
		newline = newline ? newline + 1 : end;
		if (end - line >= 2 && memcmp(line, "#!", 2) == 0) {
			err = write_all(fd, text, (size_t)(line - text));
			if (!err)
				err = write_all(fd, "//", 2);
			text = line;
		}
	}
	return err ? err : write_all(fd, text, (size_t)(end - text));
}

static int preprocess(const char *name, const struct script_cpp *cpp, struct buf *text, char *why,
		      size_t why_size)
{
	struct buf raw = {0};
	int in = temporary_file(), out = temporary_file(), err;

	err = in < 0 ? in : out < 0 ? out : 0;
	if (!err)
		err = write_without_interpreters(in, buf_str(text), text->n);
	if (!err && lseek(in, 0, SEEK_SET) < 0)
		err = -errno;
	if (err) {
		snprintf(why, why_size, "failed to preprocess script %s: %s", name, strerror(-err));
		goto done;
	}
	err = run_cpp(cpp, in, out);
	if (err < 0) {
		snprintf(why, why_size, "-C: failed to run the C preprocessor '%s': %s%s",
			 cpp->path, strerror(-err),
			 err == -ENOENT
				 ? " (Debian has it in the package cpp; -x cpppath= names another)"
				 : "");
	} else if (err > 0) {
		snprintf(why, why_size,
			 "failed to compile script %s: the C preprocessor rejected it (status %d)",
			 name, err);
	} else {
		err = lseek(out, 0, SEEK_SET) < 0 ? -errno : buf_read(&raw, out, SCRIPT_MAX);
		if (err)
			snprintf(why, why_size, "failed to preprocess script %s: %s", name,
				 strerror(-err));
	}
	if (!err) {
		buf_reset(text);
		convert_markers(buf_str(&raw), raw.n, name, text);
	}
done:
	buf_free(&raw);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return err ? -1 : 0;
}

int script_read(struct arena *a, const char *name, const struct script_cpp *cpp, struct source *out,
		char *why, size_t why_size)
{
	struct buf text = {0};
	int err = read_file(name, &text);

	if (err) {
		snprintf(why, why_size, "failed to open script %s: %s", name, strerror(-err));
	} else if (text.n == 0) {
		snprintf(why, why_size, "script %s is empty: no probes specified", name);
		err = -1;
	} else if (cpp->path) {
		err = preprocess(name, cpp, &text, why, why_size);
	}
	if (!err) {
		*out = (struct source){
			.name = name,
			.text = arena_strndup(a, buf_str(&text), text.n),
			.len = text.n,
			.is_file = true,
		};
	}
	buf_free(&text);
	return err ? -1 : 0;
}
