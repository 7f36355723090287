/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * D libraries. One is read once, after those that it depends on, when a
 * provider in use or a text needs it; all are read when a text has a name that
 * nothing defines so far. What depends on something that is not here (a
 * provider, a module, a library that is left out for that reason) is left out
 * in silence: so the DTrace guide has it.
 *
 * Invariant: mistakes in a library go to diagnostics of its own. Who needs the
 * library is told of them, once; nobody else is hurt.
 */
#include "library.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/strmap.h"
#include "dlib.h"
#include "lang/lexer.h"
#include "lang/parse.h"
#include "provider/provider.h"

#define LIBRARY_MAX (64u << 20)

struct dependency {
	enum depends_on on;
	const char *name;
	struct loc at;
	struct dependency *next;
};

struct library {
	struct libraries *of;
	const char *name;
	enum {
		LIBRARY_READING, /* in a circle of dependencies it counts as read */
		LIBRARY_READ,
		LIBRARY_MISSING,  /* there is no such file */
		LIBRARY_LEFT_OUT, /* something that it depends on is not here */
	} state;
	struct diag *diag;
	struct dependency *needs, **needs_tail;
	const char *path; /* a file; NULL: embedded */
	bool told;
};

struct libraries {
	struct script *script;
	const struct options *options;
	struct strmap *by_name; /* to struct library */
};

/* --- files --- */

/* The next of the directories joined by ':' in *dirs, or NULL. */
static const char *next_dir(struct arena *a, const char **dirs)
{
	const char *dir;

	if (!*dirs)
		return NULL;
	*dirs += strspn(*dirs, ":");
	if (!**dirs)
		return NULL;
	dir = arena_strndup(a, *dirs, strcspn(*dirs, ":"));
	*dirs += strlen(dir);
	return dir;
}

/* 0, -errno, or -EBADF for what is no regular file: a FIFO would not end, opening a device may do
 * anything. */
static int read_regular(const char *path, struct buf *out)
{
	struct stat st;
	int fd, err;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EBADF;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		err = -errno;
	else
		err = S_ISREG(st.st_mode) ? buf_read(out, fd, LIBRARY_MAX) : -EBADF;
	close(fd);
	return err;
}

/* False: the directory has no file of that name. One that cannot be read is an error, and empty. */
static bool read_in_dir(struct library *lib, const char *dir, struct source *src)
{
	struct arena *a = lib->of->script->arena;
	const char *path = arena_printf(a, "%s/%s", dir, lib->name);
	struct buf text = {0};
	int err = read_regular(path, &text);

	if (err != -ENOENT)
		lib->path = path;
	if (!err) {
		src->text = arena_strndup(a, buf_str(&text), text.n);
		src->len = text.n;
	} else if (err != -ENOENT) {
		diag_error(lib->diag, (struct loc){0}, "D_LIB_READ",
			   "failed to read library %s: %s", path,
			   err == -EBADF ? "not a regular file" : strerror(-err));
	}
	buf_free(&text);
	return err != -ENOENT;
}

/* From a directory of -L, else the embedded one. NULL: there is none. */
static struct source *find_source(struct library *lib)
{
	struct arena *a = lib->of->script->arena;
	struct source *src = ARENA_NEW(a, struct source);
	const char *dirs = lib->of->options->libdir, *dir;

	if (strchr(lib->name, '/'))
		return NULL;
	src->name = lib->name;
	src->is_file = src->is_library = true;
	src->text = "";
	while ((dir = next_dir(a, &dirs)))
		if (read_in_dir(lib, dir, src))
			return src;
	for (size_t i = 0; i < dlib_nfiles; i++) {
		if (strcmp(dlib_files[i].name, lib->name))
			continue;
		src->text = dlib_files[i].text;
		src->len = dlib_files[i].len;
		return src;
	}
	return NULL;
}

void libraries_check_dirs(struct libraries *ls)
{
	const char *dirs = ls->options->libdir, *dir;

	while ((dir = next_dir(ls->script->arena, &dirs))) {
		DIR *d = opendir(dir);

		if (d)
			closedir(d);
		else
			diag_error(ls->script->diag, (struct loc){0}, "D_LIB_DIR",
				   "failed to open library directory %s: %s", dir, strerror(errno));
	}
}

/* --- dependencies --- */

static void note_dependency(void *arg, enum depends_on on, const char *name, struct loc at)
{
	struct library *lib = arg;
	struct dependency *d = ARENA_NEW(lib->of->script->arena, struct dependency);

	*d = (struct dependency){on, name, at, NULL};
	*lib->needs_tail = d;
	lib->needs_tail = &d->next;
}

static struct library *read_library(struct libraries *ls, const char *name);

/* What a library depends on, read before it. False: something of that is not here. */
static bool read_needs(struct library *lib)
{
	for (struct dependency *d = lib->needs; d; d = d->next) {
		struct library *other;

		if ((d->on == DEPENDS_ON_PROVIDER && !provider_find(d->name)) ||
		    (d->on == DEPENDS_ON_MODULE && !provider_has_module(d->name)))
			return false;
		if (d->on != DEPENDS_ON_LIBRARY)
			continue;
		other = read_library(lib->of, d->name);
		if (other->state == LIBRARY_LEFT_OUT)
			return false;
		if (other->state == LIBRARY_MISSING)
			diag_error(lib->diag, d->at, "D_PRAGMA_DEPEND",
				   "library %s depends on library %s, which does not exist",
				   lib->name, d->name);
	}
	return true;
}

static void read_text(struct library *lib, const struct source *src)
{
	struct script *s = lib->of->script;
	struct diag *outer = s->diag;

	s->diag = lib->diag;
	lexer_dependencies(s, src, note_dependency, lib);
	if (!read_needs(lib)) {
		lib->state = LIBRARY_LEFT_OUT;
	} else {
		parse_source(s, src, PARSE_PROGRAM);
		lib->state = LIBRARY_READ;
	}
	s->diag = outer;
}

static struct library *read_library(struct libraries *ls, const char *name)
{
	struct library *lib = strmap_get(ls->by_name, name);
	struct source *src;

	if (lib)
		return lib;
	lib = ARENA_NEW(ls->script->arena, struct library);
	lib->of = ls;
	lib->name = name;
	lib->diag = diag_new(ls->script->arena);
	lib->needs_tail = &lib->needs;
	lib->state = LIBRARY_READING;
	strmap_put(ls->by_name, name, lib);
	src = find_source(lib);
	if (src)
		read_text(lib, src);
	else
		lib->state = LIBRARY_MISSING;
	return lib;
}

/* --- who asks --- */

/* What is wrong with a library, and before that with what it depends on. */
static void tell(struct library *lib)
{
	if (lib->told)
		return;
	lib->told = true;
	for (struct dependency *d = lib->needs; d; d = d->next)
		if (d->on == DEPENDS_ON_LIBRARY)
			tell(read_library(lib->of, d->name));
	diag_move(lib->of->script->diag, lib->diag);
}

void libraries_need(struct libraries *ls, const char *name, struct loc at)
{
	struct library *lib = read_library(ls, name);

	tell(lib);
	if (lib->state == LIBRARY_MISSING)
		diag_error(ls->script->diag, at, "D_PRAGMA_DEPEND", "library %s does not exist",
			   name);
}

static bool is_embedded(const char *name)
{
	for (size_t i = 0; i < dlib_nfiles; i++)
		if (!strcmp(dlib_files[i].name, name))
			return true;
	return false;
}

static void hint_replaced(void *arg, const char *name, void *library)
{
	const struct library *lib = library;

	if (lib->path && is_embedded(name))
		diag_hint(arg, "%s was read in place of the built-in library of its name",
			  lib->path);
}

void libraries_hint_replaced(struct libraries *ls)
{
	strmap_each(ls->by_name, hint_replaced, ls->script->diag);
}

/* #pragma D depends_on in a text of the user's. */
static void depend(void *arg, enum depends_on on, const char *name, struct loc at)
{
	struct libraries *ls = arg;
	struct diag *d = ls->script->diag;

	if (on == DEPENDS_ON_PROVIDER && !provider_find(name))
		diag_error(d, at, "D_PRAGMA_DEPEND", "there is no provider %s", name);
	if (on == DEPENDS_ON_MODULE && !provider_has_module(name))
		diag_error(d, at, "D_PRAGMA_DEPEND", "there is no module %s", name);
	if (on != DEPENDS_ON_LIBRARY)
		return;
	libraries_need(ls, name, at);
	if (read_library(ls, name)->state == LIBRARY_LEFT_OUT)
		diag_error(d, at, "D_PRAGMA_DEPEND",
			   "library %s depends on something that is not there", name);
}

static int is_library(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 2 && *d->d_name != '.' && !strcmp(d->d_name + n - 2, ".d");
}

/* In the order of their names, so that a compilation is the same each time. */
static void read_dir(struct libraries *ls, const char *dir)
{
	struct dirent **found;
	int n = scandir(dir, &found, is_library, alphasort);

	if (n < 0)
		return; /* libraries_check_dirs() tells */
	for (int i = 0; i < n; i++) {
		read_library(ls, arena_strndup(ls->script->arena, found[i]->d_name,
					       strlen(found[i]->d_name)));
		free(found[i]);
	}
	free(found);
}

static void read_all(void *arg)
{
	struct libraries *ls = arg;
	const char *dirs = ls->options->libdir, *dir;

	while ((dir = next_dir(ls->script->arena, &dirs)))
		read_dir(ls, dir);
	for (size_t i = 0; i < dlib_nfiles; i++)
		read_library(ls, dlib_files[i].name);
}

struct libraries *libraries_new(struct script *s, const struct options *o)
{
	struct libraries *ls = ARENA_NEW(s->arena, struct libraries);

	ls->script = s;
	ls->options = o;
	ls->by_name = strmap_new(s->arena);
	s->libraries = (struct script_libraries){.read_all = read_all, .depend = depend, .arg = ls};
	return ls;
}
