/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Another tool's program on the hooks that we use: counts packets and lets them
 * pass, attached the old way, by a call that says what else may be there:
 *
 *   foreign CGROUP none|override|multi
 *
 * Prints "attached" or "refused: WHY"; on SIGTERM it detaches and prints "ran N",
 * of both hooks.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

static int call(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int make_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1};

	return call(BPF_MAP_CREATE, &attr);
}

static int load(int map, int type)
{
	// clang-format off
	const struct bpf_insn insns[] = {
		{ BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0 },		/* key = 0 */
		{ BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0 },
		{ BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4 },
		{ BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, map },
		{ 0 },
		{ BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 1 },
		{ BPF_STX | BPF_ATOMIC | BPF_DW, 0, 1, 0, BPF_ADD },	/* ++*value */
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },			/* pass */
	};
	// clang-format on
	union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_CGROUP_SKB,
			       .expected_attach_type = type,
			       .insns = (uintptr_t)insns,
			       .insn_cnt = sizeof(insns) / sizeof(*insns),
			       .license = (uintptr_t) "GPL",
			       .prog_name = "somebody"};

	return call(BPF_PROG_LOAD, &attr);
}

static uint64_t count_in(int map)
{
	uint32_t key = 0;
	uint64_t value = 0;
	union bpf_attr attr = {.map_fd = map, .key = (uintptr_t)&key, .value = (uintptr_t)&value};

	call(BPF_MAP_LOOKUP_ELEM, &attr);
	return value;
}

static int attach(int command, int cgroup, int program, int type, int flags)
{
	union bpf_attr attr = {.target_fd = cgroup, .attach_type = type, .attach_bpf_fd = program};

	attr.attach_flags = flags;
	return call(command, &attr);
}

int main(int argc, char **argv)
{
	static const int hooks[] = {BPF_CGROUP_INET_INGRESS, BPF_CGROUP_INET_EGRESS};
	int cgroup, map, flags, got, programs[2];
	sigset_t term;

	if (argc != 3) {
		fprintf(stderr, "usage: foreign CGROUP none|override|multi\n");
		return 2;
	}
	flags = !strcmp(argv[2], "multi")      ? BPF_F_ALLOW_MULTI
		: !strcmp(argv[2], "override") ? BPF_F_ALLOW_OVERRIDE
					       : 0;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	cgroup = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	map = make_map();
	if (cgroup < 0 || map < 0) {
		perror("foreign");
		return 1;
	}
	for (int i = 0; i < 2; i++) {
		programs[i] = load(map, hooks[i]);
		if (attach(BPF_PROG_ATTACH, cgroup, programs[i], hooks[i], flags)) {
			printf("refused: %s\n", strerror(errno));
			return 1;
		}
	}
	printf("attached\n");
	fflush(stdout);
	sigwait(&term, &got);
	for (int i = 0; i < 2; i++)
		if (attach(BPF_PROG_DETACH, cgroup, programs[i], hooks[i], 0)) {
			perror("foreign: detach");
			return 1;
		}
	printf("ran %llu\n", (unsigned long long)count_in(map));
	return 0;
}
