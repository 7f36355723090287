/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An older kernel, or one built without something, refuses a program in the
 * same way as a wrong one: EINVAL and a log.  Asking beforehand whether it has
 * all that a program uses would cost each start a program for each thing; so it
 * is asked when a program was refused, and the user is told what is missing
 * instead of our having made a mistake.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "live/lacks.h"

#define NAME(helper) [BPF_FUNC_##helper] = #helper
static const char *const helpers[] = {__BPF_FUNC_MAPPER(NAME)};
#define NHELPERS (sizeof(helpers) / sizeof(*helpers))

// clang-format off
/* A helper by the kernel's name and number: "unknown func bpf_x#17".  One that it has never heard of has no name. */
static const char *const no_helper[] = {
	"invalid func ",
	"unknown func ",
	"program of this type cannot use helper ", /* 6.8 (7cdd9d8d2ee0) */
};

static const struct {
	const char *text; /* in the log */
	const char *what;
} rows[] = {
	{ "tail_calls are not allowed in non-JITed programs",
	  "tail calls from subprograms (the BPF compiler is off: sysctl net.core.bpf_jit_enable=1; on arm64 "
	  "Linux 6.0 is needed)" },
	{ "tail_calls are not allowed in programs with bpf-to-bpf calls",
	  "tail calls from subprograms (Linux 5.10)" },
};
// clang-format on

static bool lacks_helper(const char *log, char *what, size_t n)
{
	for (size_t i = 0; i < sizeof(no_helper) / sizeof(*no_helper); i++) {
		const char *at = strstr(log, no_helper[i]), *number;
		unsigned long id;

		number = at ? strchr(at, '#') : NULL;
		if (!number)
			continue;
		id = strtoul(number + 1, NULL, 10);
		snprintf(what, n, "the BPF helper bpf_%s (number %lu)%s",
			 id < NHELPERS && helpers[id] ? helpers[id] : "?", id,
			 id == BPF_FUNC_probe_write_user
				 ? ": it writes to a process's memory, which "
				   "a kernel under lockdown does not allow"
				 : "");
		return true;
	}
	return false;
}

bool lacks_by_log(const char *log, char *what, size_t n)
{
	if (lacks_helper(log, what, n))
		return true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!strstr(log, rows[i].text))
			continue;
		snprintf(what, n, "%s", rows[i].what);
		return true;
	}
	return false;
}

static bool loads(const struct bpf_insn *insns, size_t n)
{
	int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "dt_probe", "Dual BSD/GPL", insns, n,
			       NULL);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool lacks_by_trying(char *what, size_t n)
{
	// clang-format off
	static const struct bpf_insn plain[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	static const struct bpf_insn exchange[] = {
		{ BPF_ST | BPF_MEM | BPF_DW, 10, 0, -8, 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 0 },
		{ BPF_STX | BPF_ATOMIC | BPF_DW, 10, 1, -8, BPF_XCHG },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	// clang-format on

	if (!loads(plain, sizeof(plain) / sizeof(*plain)))
		return false; /* something else is wrong */
	if (loads(exchange, sizeof(exchange) / sizeof(*exchange)))
		return false;
	snprintf(what, n, "atomic exchange in BPF programs (Linux 5.12)");
	return true;
}
