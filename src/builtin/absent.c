/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asked when no row of the tables has the name: so a function that comes to be
 * there needs no change here.
 */
#include "builtin/absent.h"

#include <stddef.h>
#include <string.h>

#define NOT_YET "this version does not have it yet"
#define STREAMS "there are no STREAMS on Linux"
#define FREEBSD "FreeBSD alone has it"

static const struct {
	const char *name, *why;
} functions[] = {
	// clang-format off
	{ "alloca",      NOT_YET },
	{ "basename",    NOT_YET },
	{ "bcopy",       NOT_YET },
	{ "cleanpath",   NOT_YET },
	{ "copyin",      NOT_YET },
	{ "copyinstr",   NOT_YET },
	{ "copyinto",    NOT_YET },
	{ "d_path",      NOT_YET },
	{ "ddi_pathname", "devices have no paths of that kind on Linux" },
	{ "dirname",     NOT_YET },
	{ "getf",        "files are seen through fds[ ]" },
	{ "getmajor",    NOT_YET },
	{ "getminor",    NOT_YET },
	{ "index",       NOT_YET },
	{ "json",        NOT_YET },
	{ "link_ntop",   NOT_YET },
	{ "lltostr",     NOT_YET },
	{ "memref",      FREEBSD },
	{ "memstr",      FREEBSD },
	{ "msgdsize",    STREAMS },
	{ "msgsize",     STREAMS },
	{ "mutex_owned", NOT_YET },
	{ "mutex_owner", NOT_YET },
	{ "mutex_type_adaptive", NOT_YET },
	{ "mutex_type_spin", NOT_YET },
	{ "pcap",        NOT_YET },
	{ "printm",      FREEBSD ": tracemem( ) prints memory" },
	{ "printt",      FREEBSD ": print( ) prints values by their types" },
	{ "progenyof",   NOT_YET },
	{ "rand",        NOT_YET },
	{ "rindex",      NOT_YET },
	{ "rw_iswriter", NOT_YET },
	{ "rw_read_held", NOT_YET },
	{ "rw_write_held", NOT_YET },
	{ "strchr",      NOT_YET },
	{ "strjoin",     NOT_YET },
	{ "strlen",      NOT_YET },
	{ "strrchr",     NOT_YET },
	{ "strstr",      NOT_YET },
	{ "strtok",      NOT_YET },
	{ "strtoll",     NOT_YET },
	{ "substr",      NOT_YET },
	{ "sx_exclusive_held", FREEBSD },
	{ "sx_isexclusive", FREEBSD },
	{ "sx_shared_held", FREEBSD },
	{ "tolower",     NOT_YET },
	{ "toupper",     NOT_YET },
	{ "typeref",     FREEBSD ": print( ) prints values by their types" },
	{ "vtophys",     "physical addresses are not to be had" },
	// clang-format on
};

const char *builtin_absent(const char *name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (!strcmp(functions[i].name, name))
			return functions[i].why;
	return NULL;
}
