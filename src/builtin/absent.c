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
	{ "d_path",      NOT_YET },
	{ "ddi_pathname", "devices have no paths of that kind on Linux" },
	{ "getf",        "files are seen through fds[ ]" },
	{ "memref",      FREEBSD },
	{ "memstr",      FREEBSD },
	{ "msgdsize",    STREAMS },
	{ "msgsize",     STREAMS },
	{ "pcap",        NOT_YET },
	{ "printm",      FREEBSD ": tracemem( ) prints memory" },
	{ "printt",      FREEBSD ": print( ) prints values by their types" },
	{ "sx_exclusive_held", FREEBSD },
	{ "sx_isexclusive", FREEBSD },
	{ "sx_shared_held", FREEBSD },
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
