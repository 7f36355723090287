/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs that call others by way of a program array, on the running kernel
 * and through our own loader: each leaves a mark when it runs.  The first
 * program of a bench is the caller; the others lie in the array by number.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "live/live_impl.h"

enum { M_PROGS, M_DROPS, M_MARKS, NMAPS };
enum { MAX_PROGRAMS = 40, NMARKS = 64 };

static struct map_def maps[NMAPS] = {
	[M_PROGS] = {"progs", MAP_PLAIN, BPF_MAP_TYPE_PROG_ARRAY, 4, 4, MAX_PROGRAMS},
	[M_DROPS] = {"drops", MAP_DROPS, BPF_MAP_TYPE_PERCPU_ARRAY, 4, sizeof(struct drops), 1},
	[M_MARKS] = {"marks", MAP_PLAIN, BPF_MAP_TYPE_ARRAY, 4, 8 * NMARKS, 1},
};

#define COUNTER offsetof(struct drops, dynamic)
#define MISSING (MAX_PROGRAMS - 1)

static const struct hook raw_hook = {
	.name = "raw", .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT, .attach = ATTACH_NONE};
static const struct hook state_hook = {.name = "tp_btf/inet_sock_set_state",
				       .prog_type = BPF_PROG_TYPE_TRACING,
				       .attach_type = BPF_TRACE_RAW_TP,
				       .attach = ATTACH_TP_BTF,
				       .target = "inet_sock_set_state"};
static const struct hook egress_hook = {.name = "cgroup_skb/egress",
					.prog_type = BPF_PROG_TYPE_CGROUP_SKB,
					.attach_type = BPF_CGROUP_INET_EGRESS,
					.attach = ATTACH_CGROUP,
					.pass = 1};
static const struct hook clock_hook = {
	.name = "perf/cpu-clock", .prog_type = BPF_PROG_TYPE_PERF_EVENT, .attach = ATTACH_PERF};

struct bench {
	struct arena *arena;
	const struct hook *hook;
	struct hook_program programs[MAX_PROGRAMS];
	struct program p;
	struct engine *l;
	char why[512];
};

static void bench_init(struct bench *b, const struct hook *hook)
{
	memset(b, 0, sizeof(*b));
	b->arena = arena_new();
	b->hook = hook;
	b->p = (struct program){.maps = maps,
				.nmaps = NMAPS,
				.control_map = -1,
				.rings_map = -1,
				.drops_map = M_DROPS,
				.programs = b->programs};
}

static struct ir *program_new(struct bench *b)
{
	struct ir *ir = ir_new(b->arena);

	ir_onward_setup(ir, M_DROPS, COUNTER);
	return ir;
}

static void program_add(struct bench *b, struct ir *ir)
{
	struct hook_program *prog = &b->programs[b->p.nprograms++];
	const char *why = NULL;

	prog->hook = b->hook;
	prog->role = ROLE_BEGIN;
	ir_ret(ir, b->hook->pass);
	if (ir_finish(ir, &prog->code, &why))
		fail_msg("ir_finish: %s", why);
	if (b->hook->attach == ATTACH_TP_BTF)
		prog->attach_btf_id =
			libbpf_find_vmlinux_btf_id(b->hook->target, b->hook->attach_type);
}

/* marks[n] += by */
static void put_add(struct ir *ir, int n, int by)
{
	int marks = ir_reg(ir), r = ir_reg(ir);

	ir_map_value(ir, marks, M_MARKS, 0);
	ir_const(ir, r, by);
	ir_atomic(ir, IR_ATOMIC_ADD, -1, marks, 8 * n, r, -1, 8);
}

/* A program that leaves mark n and goes over to another, if it is not negative. */
static void add_marker(struct bench *b, int n, int next)
{
	struct ir *ir = program_new(b);

	put_add(ir, n, 1);
	if (next >= 0)
		ir_tail_call(ir, M_PROGS, next);
	program_add(b, ir);
}

/* Loads all, and puts program n into the array at n. */
static void bench_load(struct bench *b)
{
	struct options o = {0};

	if (live_open(&b->p, &o, &b->l, b->why, sizeof(b->why)))
		fail_msg("live_open: %s", b->why);
	for (uint32_t n = 1; n < (uint32_t)b->p.nprograms; n++)
		assert_int_equal(bpf_map_update_elem(live_of(b->l)->map_fds[M_PROGS], &n,
						     &live_of(b->l)->prog_fds[n], 0),
				 0);
}

static void bench_free(struct bench *b)
{
	live_close(b->l);
	arena_free(b->arena);
}

static uint64_t mark(struct bench *b, int n)
{
	uint64_t marks[NMARKS];
	uint32_t key = 0;

	assert_int_equal(bpf_map_lookup_elem(live_of(b->l)->map_fds[M_MARKS], &key, marks), 0);
	return marks[n];
}

static uint64_t lost(struct bench *b)
{
	uint64_t sum = 0;

	for (int cpu = 0; cpu < live_ncpus(b->l); cpu++) {
		struct drops d;

		live_drops(b->l, cpu, &d);
		sum += d.dynamic;
		assert_int_equal(d.records + d.aggregations + d.errors, 0);
	}
	return sum;
}

/* -- one after the other ---------------------------------------------------- */

/* A program that spoils all the registers and stack that it can. */
static void add_spoiler(struct bench *b, int n)
{
	struct ir *ir = program_new(b);
	int obj = ir_stack(ir, 400), r[12];

	for (int i = 0; i < 400; i += 8)
		ir_stack_storei(ir, obj, i, -1, 8);
	for (int i = 0; i < 12; i++) {
		r[i] = ir_reg(ir);
		IR_CALL0(ir, r[i], BPF_FUNC_ktime_get_ns);
	}
	for (int i = 1; i < 12; i++)
		ir_alu(ir, IR_XOR, r[0], r[0], r[i]);
	ir_stack_store(ir, obj, 0, r[0], 8);
	put_add(ir, n, 1);
	program_add(b, ir);
}

/* Two programs, then one that is missing; what the caller holds outlives them all. */
static void one_after_the_other(void **state)
{
	struct bench b;
	struct ir *ir;
	int held[8], obj, r;

	(void)state;
	bench_init(&b, &raw_hook);
	ir = program_new(&b);
	obj = ir_stack(ir, 160), r = ir_reg(ir);
	IR_CALL0(ir, r, BPF_FUNC_ktime_get_ns);
	ir_stack_store(ir, obj, 0, r, 8);
	ir_stack_store(ir, obj, 152, r, 8);
	for (int i = 0; i < 8; i++) {
		held[i] = ir_reg(ir);
		ir_alui(ir, IR_ADD, held[i], r, i);
	}
	put_add(ir, 0, 1);
	ir_call_onward(ir, M_PROGS, 1);
	put_add(ir, 0, 10);
	ir_call_onward(ir, M_PROGS, 2);
	put_add(ir, 0, 100);
	ir_call_onward(ir, M_PROGS, MISSING);
	put_add(ir, 0, 1000);
	for (int i = 0; i < 8; i++) {
		int same = ir_label(ir);

		ir_alui(ir, IR_SUB, held[i], held[i], i);
		ir_stack_load(ir, r, obj, i % 2 ? 152 : 0, 8);
		ir_branch(ir, IR_EQ, held[i], r, same);
		put_add(ir, 3, 1);
		ir_place(ir, same);
	}
	program_add(&b, ir);
	add_spoiler(&b, 1);
	add_spoiler(&b, 2);
	bench_load(&b);
	for (int n = 1; n <= 3; n++) {
		assert_int_equal(live_run(b.l, 0), 0);
		assert_int_equal(mark(&b, 0), 1111 * n);
		assert_int_equal(mark(&b, 1), n);
		assert_int_equal(mark(&b, 2), n);
		assert_int_equal(mark(&b, 3), 0);
		assert_int_equal(lost(&b), 1); /* since the last call */
	}
	bench_free(&b);
}

/* -- chains ----------------------------------------------------------------- */

#define CHAIN 30

static void a_chain_of_tail_calls(void **state)
{
	struct bench b;
	struct ir *ir;

	(void)state;
	bench_init(&b, &raw_hook);
	ir = program_new(&b);
	ir_call_onward(ir, M_PROGS, 1);
	put_add(ir, 0, 1);
	program_add(&b, ir);
	for (int n = 1; n <= CHAIN; n++)
		add_marker(&b, n, n < CHAIN ? n + 1 : -1);
	bench_load(&b);
	assert_int_equal(live_run(b.l, 0), 0);
	for (int n = 0; n <= CHAIN; n++)
		assert_int_equal(mark(&b, n), 1);
	assert_int_equal(lost(&b), 0);
	bench_free(&b);
}

/*
 * A program that goes over to itself for ever is stopped by the kernel, and the
 * caller goes on.  Whether the next call finds the limit used up depends on the
 * kernel (since Linux 6.12 it counts for the whole firing): it runs, or is lost.
 */
static void the_limit_ends_a_chain(void **state)
{
	struct bench b;
	struct ir *ir;

	(void)state;
	bench_init(&b, &raw_hook);
	ir = program_new(&b);
	ir_call_onward(ir, M_PROGS, 1);
	put_add(ir, 0, 1);
	ir_call_onward(ir, M_PROGS, 2);
	put_add(ir, 0, 1);
	program_add(&b, ir);
	add_marker(&b, 1, 1);
	add_marker(&b, 2, -1);
	bench_load(&b);
	assert_int_equal(live_run(b.l, 0), 0);
	assert_int_equal(mark(&b, 0), 2);
	assert_int_equal(mark(&b, 1), 33);
	assert_int_equal(mark(&b, 2) + lost(&b), 1);
	bench_free(&b);
}

/* Since Linux 6.12 a firing has 33 calls, however they are made; what comes behind is lost. */
static void the_limit_of_calls(void **state)
{
	struct bench b;
	struct ir *ir;
	uint64_t ran;

	(void)state;
	bench_init(&b, &raw_hook);
	ir = program_new(&b);
	for (int i = 0; i < 40; i++)
		ir_call_onward(ir, M_PROGS, 1);
	put_add(ir, 0, 1);
	program_add(&b, ir);
	add_marker(&b, 1, -1);
	bench_load(&b);
	assert_int_equal(live_run(b.l, 0), 0);
	ran = mark(&b, 1);
	assert_int_equal(mark(&b, 0), 1);
	assert_in_range(ran, 33, 40);
	assert_int_equal(ran + lost(&b), 40);
	bench_free(&b);
}

/* A tail call that finds nothing is no loss: the program itself goes on. */
static void a_tail_call_may_fail(void **state)
{
	struct bench b;
	struct ir *ir;

	(void)state;
	bench_init(&b, &raw_hook);
	ir = program_new(&b);
	ir_tail_call(ir, M_PROGS, MISSING);
	put_add(ir, 0, 1);
	ir_tail_call(ir, M_PROGS, 1);
	put_add(ir, 0, 10);
	program_add(&b, ir);
	add_marker(&b, 1, -1);
	bench_load(&b);
	assert_int_equal(live_run(b.l, 0), 0);
	assert_int_equal(mark(&b, 0), 1);
	assert_int_equal(mark(&b, 1), 1);
	assert_int_equal(lost(&b), 0);
	bench_free(&b);
}

/* -- stack and kinds of programs ------------------------------------------- */

/* As many bytes of stack as ir_finish() lets the caller have. */
static void all_the_stack_a_caller_has(void **state)
{
	struct bench b;
	struct ir *ir;
	int obj;

	(void)state;
	bench_init(&b, &raw_hook);
	ir = program_new(&b);
	obj = ir_stack(ir, 224);
	ir_stack_storei(ir, obj, 0, 1, 8);
	ir_call_onward(ir, M_PROGS, 1);
	put_add(ir, 0, 1);
	program_add(&b, ir);
	assert_int_equal(b.programs[0].code.stack_used, 224);
	add_spoiler(&b, 1);
	bench_load(&b);
	assert_int_equal(live_run(b.l, 0), 0);
	assert_int_equal(mark(&b, 0) + mark(&b, 1), 2);
	bench_free(&b);
}

/* Caller, a called program that goes over to a third, and a missing one. */
static void bench_of(struct bench *b, const struct hook *hook)
{
	struct ir *ir;

	bench_init(b, hook);
	ir = program_new(b);
	ir_call_onward(ir, M_PROGS, 1);
	ir_call_onward(ir, M_PROGS, MISSING);
	put_add(ir, 0, 1);
	program_add(b, ir);
	add_marker(b, 1, 2);
	add_marker(b, 2, -1);
	bench_load(b);
}

static void expect_firings(struct bench *b, uint64_t least)
{
	uint64_t n;

	assert_int_equal(grace_wait(live_of(b->l)), 0); /* for firings under way */
	n = mark(b, 0);
	assert_true(n >= least);
	assert_int_equal(mark(b, 1), n);
	assert_int_equal(mark(b, 2), n);
	assert_int_equal(lost(b), n);
}

static void from_a_tracepoint(void **state)
{
	struct bench b;
	int link, s;

	(void)state;
	bench_of(&b, &state_hook);
	link = bpf_raw_tracepoint_open(NULL, live_of(b.l)->prog_fds[0]);
	assert_true(link >= 0);
	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(listen(s, 1), 0); /* a change of state */
	close(s);
	close(link);
	expect_firings(&b, 1);
	bench_free(&b);
}

static void from_a_packet(void **state)
{
	struct bench b;
	char packet[64] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = 5);

	(void)state;
	bench_of(&b, &egress_hook);
	packet[12] = 0x08; /* IPv4 */
	assert_int_equal(bpf_prog_test_run_opts(live_of(b.l)->prog_fds[0], &opts), 0);
	assert_int_equal(opts.retval, 1);
	expect_firings(&b, 5);
	bench_free(&b);
}

static void from_a_clock(void **state)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
				       .size = sizeof(attr),
				       .config = PERF_COUNT_SW_CPU_CLOCK,
				       .sample_period = 1000000};
	struct bench b;
	int event;

	(void)state;
	bench_of(&b, &clock_hook);
	event = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	assert_true(event >= 0);
	assert_int_equal(ioctl(event, PERF_EVENT_IOC_SET_BPF, live_of(b.l)->prog_fds[0]), 0);
	for (int tries = 0; tries < 1000 && mark(&b, 0) < 3; tries++)
		for (volatile int busy = 0; busy < 1000000; busy++)
			;
	close(event);
	expect_firings(&b, 3);
	bench_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(a_chain_of_tail_calls),
		cmocka_unit_test(the_limit_ends_a_chain),
		cmocka_unit_test(the_limit_of_calls),
		cmocka_unit_test(a_tail_call_may_fail),
		cmocka_unit_test(all_the_stack_a_caller_has),
		cmocka_unit_test(from_a_tracepoint),
		cmocka_unit_test(from_a_packet),
		cmocka_unit_test(from_a_clock),
	};

	if (geteuid() != 0) {
		printf("test_onward: skipped: only root may load programs\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
