/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gives the programs to the kernel.  What the verifier refuses is a fault of
 * the code generator: the user gets one line and a file to report, holding the
 * listing and the verifier's log, which helps nobody else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "engine/bug_report.h"
#include "live/func_info.h"
#include "live/lacks.h"
#include "live/live_impl.h"

/* Programs call helpers that the kernel keeps for GPL-compatible ones. */
#define LICENSE "Dual BSD/GPL"
#define LOG_SIZE (16u << 20)

/* "tp_btf/net_dev_queue" -> "dt_net_dev_queu" */
static void program_name(char out[BPF_OBJ_NAME_LEN], const char *hook)
{
	const char *last = strrchr(hook, '/');

	snprintf(out, BPF_OBJ_NAME_LEN, "dt_%.11s", last ? last + 1 : hook);
	for (char *c = out; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", *c))
			*c = '_';
}

static struct bpf_insn *patched(const struct live *l, const struct ir_code *code)
{
	struct bpf_insn *insns = malloc(code->ninsns * sizeof(*insns));

	if (!insns)
		return NULL;
	memcpy(insns, code->insns, code->ninsns * sizeof(*insns));
	for (uint32_t i = 0; i < code->nuses; i++)
		insns[code->uses[i].insn].imm = l->map_fds[code->uses[i].map];
	return insns;
}

/* code: the program's own, or that of one of its parts */
static int load_typed(const struct hook_program *prog, const struct ir_code *code,
		      const struct bpf_insn *insns, const struct func_info *functions, char *log,
		      uint32_t level)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts);
	const struct hook *h = prog->hook;
	char name[BPF_OBJ_NAME_LEN];
	int fd;

	program_name(name, h->name);
	if (h->attach == ATTACH_TP_BTF || h->attach == ATTACH_CGROUP || h->attach == ATTACH_ITER)
		opts.expected_attach_type = h->attach_type;
	if (h->attach == ATTACH_TP_BTF || h->attach == ATTACH_ITER)
		opts.attach_btf_id = prog->attach_btf_id;
	if (log) {
		opts.log_buf = log;
		opts.log_size = LOG_SIZE;
		opts.log_level = level;
	}
	if (functions->btf_fd >= 0) {
		opts.prog_btf_fd = functions->btf_fd;
		opts.func_info = functions->records;
		opts.func_info_cnt = functions->n;
		opts.func_info_rec_size = sizeof(*functions->records);
	}
	fd = bpf_prog_load(h->prog_type, name, LICENSE, insns, code->ninsns, &opts);
	return fd < 0 ? -errno : fd;
}

static int load(const struct hook_program *prog, const struct ir_code *code,
		const struct bpf_insn *insns, char *log, uint32_t level)
{
	struct func_info functions;
	int fd = func_info_open(&functions, code);

	if (fd >= 0)
		fd = load_typed(prog, code, insns, &functions, log, level);
	func_info_close(&functions);
	return fd;
}

static int load_rejected(struct live *l, const struct hook_program *prog,
			 const struct ir_code *code, const struct bpf_insn *insns, int err,
			 char *why, size_t n)
{
	char *log = malloc(LOG_SIZE), path[512], what[256];
	bool lacks = false;
	int fd, failed = -ENOMEM;

	if (log) {
		log[0] = '\0';
		fd = load(prog, code, insns, log, 1);
		if (fd >= 0)
			close(fd);
		lacks = lacks_by_log(log, what, sizeof(what)) ||
			lacks_by_trying(what, sizeof(what));
		if (!lacks)
			failed = engine_bug_report(l->p, prog, code, strerror(err), log, path,
						   sizeof(path));
		free(log);
	}
	if (lacks)
		return live_fail(why, n, err, "this kernel lacks what the program for %s needs: %s",
				 prog->hook->name, what);
	if (failed)
		return live_fail(
			why, n, err,
			"internal error: the kernel refused the program for %s: %s; please report it",
			prog->hook->name, strerror(err));
	return live_fail(
		why, n, err,
		"internal error: the kernel refused the program for %s; please report it with %s",
		prog->hook->name, path);
}

static int load_fail(struct live *l, const struct hook_program *prog, const struct ir_code *code,
		     const struct bpf_insn *insns, int err, char *why, size_t n)
{
	const char *hook = prog->hook->name;

	switch (err) {
	case EPERM:
		return live_fail(
			why, n, err,
			"not permitted to load the program for %s (it needs CAP_BPF, CAP_PERFMON and, for packets, "
			"CAP_NET_ADMIN, of the host)",
			hook);
	case E2BIG:
		return live_fail(why, n, err,
				 "the program for %s is too large for the kernel (%u instructions)",
				 hook, code->ninsns);
	case ENOMEM:
		return live_fail(why, n, err, "not enough memory to load the program for %s", hook);
	case EINTR:
	case EAGAIN:
		return live_fail(why, n, err, "interrupted while loading the program for %s", hook);
	default:
		return load_rejected(l, prog, code, insns, err, why, n);
	}
}

/* A descriptor of the loaded code, or -errno. */
static int load_code(struct live *l, const struct hook_program *prog, const struct ir_code *code,
		     char *why, size_t n)
{
	struct bpf_insn *insns = patched(l, code);
	int fd = insns ? load(prog, code, insns, NULL, 0) : -ENOMEM;

	if (fd < 0)
		fd = load_fail(l, prog, code, insns, -fd, why, n);
	free(insns);
	return fd;
}

/* The array of programs keeps what is put into it as long as we keep the array. */
static int load_parts(struct live *l, const struct hook_program *prog, char *why, size_t n)
{
	for (int i = 0; i < prog->nparts; i++) {
		uint32_t key = i;
		int fd, err;

		if (!prog->parts[i].ninsns) /* a way that only prepares something */
			continue;
		fd = load_code(l, prog, &prog->parts[i], why, n);
		if (fd < 0)
			return fd;
		err = bpf_map_update_elem(l->map_fds[prog->progs_map], &key, &fd, BPF_ANY) ? errno
											   : 0;
		close(fd);
		if (err)
			return live_fail(why, n, err, "cannot put together the programs for %s: %s",
					 prog->hook->name, strerror(err));
	}
	return 0;
}

int load_programs(struct live *l, char *why, size_t n)
{
	for (int i = 0; i < l->p->nprograms; i++) {
		const struct hook_program *prog = &l->p->programs[i];
		int err = load_parts(l, prog, why, n), fd;

		if (err)
			return err;
		fd = load_code(l, prog, &prog->code, why, n);
		if (fd < 0)
			return fd;
		l->prog_fds[i] = fd;
	}
	return 0;
}
