/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel engine on the running kernel, with programs written by hand: each
 * counts the firings it means in a plain counter, in an aggregation with keys,
 * in one without, and sends a record; so nothing may be lost between them.
 * Needs root (or the capabilities) and says so otherwise; with root it must work.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "live/live_impl.h"

enum { M_CONTROL, M_RINGS, M_DROPS, M_KEYED, M_PLAIN_AGG, M_COUNT, M_DATA, M_SOCKET, NMAPS };
enum { A_KEYED, A_UNKEYED, NAGGS };

struct key {
	uint64_t generation, id;
};

struct event {
	struct record_head head;
	uint64_t id;
};

/* A program being written. */
struct code {
	struct bpf_insn insns[160];
	struct ir_map_use uses[16];
	int n, nuses;
	bool one_ring; /* M_RINGS is the ring itself */
	int spin; /* stay that many times longer between looking an aggregation up and adding to it
		   */
};

#define R(code_, dst_, src_, off_, imm_)                                                           \
	((struct bpf_insn){.code = (code_),                                                        \
			   .dst_reg = (dst_),                                                      \
			   .src_reg = (src_),                                                      \
			   .off = (off_),                                                          \
			   .imm = (imm_)})
#define MOV(d, s) R(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define MOVI(d, i) R(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define ALUI(op, d, i) R(BPF_ALU64 | (op) | BPF_K, d, 0, 0, i)
#define LD(sz, d, s, o) R(BPF_LDX | BPF_MEM | (sz), d, s, o, 0)
#define ST(sz, d, o, s) R(BPF_STX | BPF_MEM | (sz), d, s, o, 0)
#define STI(sz, d, o, i) R(BPF_ST | BPF_MEM | (sz), d, 0, o, i)
#define JI(op, d, i, o) R(BPF_JMP | (op) | BPF_K, d, 0, o, i)
#define CALL(f) R(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_##f)
#define EXIT R(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define ADDTO(d, o, s) R(BPF_STX | BPF_ATOMIC | BPF_DW, d, s, o, BPF_ADD)

static void put(struct code *c, struct bpf_insn i)
{
	c->insns[c->n++] = i;
}

static void put_map(struct code *c, int dst, int map, bool value)
{
	c->uses[c->nuses++] = (struct ir_map_use){c->n, map};
	put(c, R(BPF_LD | BPF_IMM | BPF_DW, dst, value ? BPF_PSEUDO_MAP_VALUE : BPF_PSEUDO_MAP_FD,
		 0, 0));
	put(c, (struct bpf_insn){0});
}

/* r0 = &map[*(fp + off)] */
static void put_lookup(struct code *c, int map, int off)
{
	put_map(c, 1, map, false);
	put(c, MOV(2, 10));
	put(c, ALUI(BPF_ADD, 2, off));
	put(c, CALL(map_lookup_elem));
}

/* if (r0) *r0 += 1 */
static void put_count(struct code *c)
{
	put(c, JI(BPF_JEQ, 0, 0, 2));
	put(c, MOVI(1, 1));
	put(c, ADDTO(0, 0, 1));
}

/* for (fp-40 = spin; fp-40; fp-40--) ktime_get_ns(); leaves r0, takes r6 */
static void put_spin(struct code *c)
{
	if (!c->spin)
		return;
	put(c, MOV(6, 0));
	put(c, STI(BPF_DW, 10, -40, c->spin));
	put(c, CALL(ktime_get_ns));
	put(c, LD(BPF_DW, 1, 10, -40));
	put(c, ALUI(BPF_SUB, 1, 1));
	put(c, ST(BPF_DW, 10, -40, 1));
	put(c, JI(BPF_JNE, 1, 0, -5));
	put(c, MOV(0, 6));
}

/*
 * The firing: r9 is the key. Leaves r0 = ret.
 * fp-16: struct key; fp-24: an index; fp-32: a value of zero
 */
static void put_firing(struct code *c, int wakeup, int ret)
{
	int full, out = -1;

	put(c, CALL(ktime_get_ns));
	put(c, MOV(7, 0));
	put_map(c, 6, M_CONTROL, true);
	put(c, LD(BPF_DW, 8, 6, offsetof(struct control, generation)));
	/* count[0]++ */
	put(c, STI(BPF_W, 10, -24, 0));
	put_lookup(c, M_COUNT, -24);
	put_count(c);
	/* unkeyed[generation]++ */
	put(c, ST(BPF_W, 10, -24, 8));
	put_lookup(c, M_PLAIN_AGG, -24);
	put_count(c);
	/* keyed[generation, r9]++ */
	put(c, ST(BPF_DW, 10, -16, 8));
	put(c, ST(BPF_DW, 10, -8, 9));
	put(c, STI(BPF_DW, 10, -32, 0));
	put_lookup(c, M_KEYED, -16);
	full = c->n;
	put(c, JI(BPF_JNE, 0, 0, 0));
	put_map(c, 1, M_KEYED, false);
	put(c, MOV(2, 10));
	put(c, ALUI(BPF_ADD, 2, -16));
	put(c, MOV(3, 10));
	put(c, ALUI(BPF_ADD, 3, -32));
	put(c, MOVI(4, BPF_NOEXIST));
	put(c, CALL(map_update_elem));
	put_lookup(c, M_KEYED, -16);
	c->insns[full].off = c->n - full - 1;
	put_spin(c);
	put_count(c);
	/* the record */
	if (c->one_ring) {
		put_map(c, 1, M_RINGS, false);
	} else {
		put(c, CALL(get_smp_processor_id));
		put(c, ST(BPF_W, 10, -24, 0));
		put_lookup(c, M_RINGS, -24);
		out = c->n;
		put(c, JI(BPF_JEQ, 0, 0, 0));
		put(c, MOV(1, 0));
	}
	put(c, MOVI(2, sizeof(struct event)));
	put(c, MOVI(3, 0));
	put(c, CALL(ringbuf_reserve));
	full = c->n;
	put(c, JI(BPF_JEQ, 0, 0, 0));
	put(c, STI(BPF_W, 0, offsetof(struct record_head, epid), 7));
	put(c, STI(BPF_W, 0, offsetof(struct record_head, size), sizeof(struct event)));
	put(c, ST(BPF_DW, 0, offsetof(struct record_head, time), 7));
	put(c, ST(BPF_DW, 0, offsetof(struct event, id), 9));
	put(c, MOV(1, 0));
	put(c, MOVI(2, wakeup));
	put(c, CALL(ringbuf_submit));
	put(c, MOVI(0, ret));
	put(c, EXIT);
	c->insns[full].off = c->n - full - 1;
	put(c, STI(BPF_W, 10, -24, 0));
	put_lookup(c, M_DROPS, -24);
	put_count(c);
	if (out >= 0)
		c->insns[out].off = c->n - out - 1;
	put(c, MOVI(0, ret));
	put(c, EXIT);
}

static void put_return(struct code *c, int ret)
{
	put(c, MOVI(0, ret));
	put(c, EXIT);
}

/* if (control->activity != ACTIVE) return ret */
static void put_active(struct code *c, int ret)
{
	put_map(c, 6, M_CONTROL, true);
	put(c, LD(BPF_W, 1, 6, offsetof(struct control, activity)));
	put(c, JI(BPF_JEQ, 1, ACTIVITY_ACTIVE, 2));
	put_return(c, ret);
}

static const struct hook begin_hook = {
	.name = "begin", .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT, .attach = ATTACH_NONE};
static const struct hook syscall_hook = {.name = "tp_btf/sys_enter",
					 .prog_type = BPF_PROG_TYPE_TRACING,
					 .attach_type = BPF_TRACE_RAW_TP,
					 .attach = ATTACH_TP_BTF,
					 .target = "sys_enter"};
static const struct hook egress_hook = {.name = "cgroup_skb/egress",
					.prog_type = BPF_PROG_TYPE_CGROUP_SKB,
					.attach_type = BPF_CGROUP_INET_EGRESS,
					.attach = ATTACH_CGROUP,
					.pass = 1};
static const struct hook ingress_hook = {.name = "cgroup_skb/ingress",
					 .prog_type = BPF_PROG_TYPE_CGROUP_SKB,
					 .attach_type = BPF_CGROUP_INET_INGRESS,
					 .attach = ATTACH_CGROUP,
					 .pass = 1};
static const struct hook create_hook = {.name = "cgroup/sock_create",
					.prog_type = BPF_PROG_TYPE_CGROUP_SOCK,
					.attach_type = BPF_CGROUP_INET_SOCK_CREATE,
					.attach = ATTACH_CGROUP,
					.pass = 1};
static const struct hook files_hook = {.name = "iter/task_file",
				       .prog_type = BPF_PROG_TYPE_TRACING,
				       .attach_type = BPF_TRACE_ITER,
				       .attach = ATTACH_ITER,
				       .target = "task_file"};
static const struct hook clock_hook = {
	.name = "perf/cpu-clock", .prog_type = BPF_PROG_TYPE_PERF_EVENT, .attach = ATTACH_PERF};

/* The getppid() calls of this process; the key is the thread. */
static void code_syscall(struct code *c)
{
	put(c, LD(BPF_DW, 1, 1, 8));
	put(c, JI(BPF_JEQ, 1, SYS_getppid, 2));
	put_return(c, 0);
	put_active(c, 0);
	put(c, CALL(get_current_pid_tgid));
	put(c, MOV(9, 0));
	put(c, ALUI(BPF_RSH, 0, 32));
	put(c, JI(BPF_JEQ, 0, getpid(), 2));
	put_return(c, 0);
	put(c, ALUI(BPF_LSH, 9, 32));
	put(c, ALUI(BPF_RSH, 9, 32));
	put_firing(c, BPF_RB_NO_WAKEUP, 0);
}

/* UDP over IPv4 to one port; the key says which way. */
static void code_packet(struct code *c, uint16_t port, int key)
{
	put(c, MOVI(9, key));
	put(c, STI(BPF_DW, 10, -8, 0));
	put(c, MOVI(2, 22)); /* the packet begins with the IP header */
	put(c, MOV(3, 10));
	put(c, ALUI(BPF_ADD, 3, -8));
	put(c, MOVI(4, 2));
	put(c, CALL(skb_load_bytes));
	put(c, LD(BPF_H, 1, 10, -8));
	put(c, JI(BPF_JEQ, 1, htons(port), 2));
	put_return(c, 1);
	put_active(c, 1);
	put_firing(c, BPF_RB_NO_WAKEUP, 1);
}

static const char data[8] = "frozen";

static struct map_def maps[NMAPS] = {
	[M_CONTROL] = {"control", MAP_CONTROL, BPF_MAP_TYPE_ARRAY, 4, sizeof(struct control), 1},
	[M_RINGS] = {"rings", MAP_RINGS, BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 1},
	[M_DROPS] = {"drops", MAP_DROPS, BPF_MAP_TYPE_PERCPU_ARRAY, 4, sizeof(struct drops), 1},
	[M_KEYED] = {"@keyed", MAP_AGG, BPF_MAP_TYPE_PERCPU_HASH, sizeof(struct key), 8, 1024,
		     BPF_F_NO_PREALLOC},
	[M_PLAIN_AGG] = {"@", MAP_AGG, BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 2},
	[M_COUNT] = {"count", MAP_PLAIN, BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 1},
	[M_DATA] = {"data", MAP_DATA, BPF_MAP_TYPE_ARRAY, 4, sizeof(data), 1, 0, data},
	[M_SOCKET] = {"socket", MAP_SOCKET, BPF_MAP_TYPE_SK_STORAGE, 4, 16, 0, BPF_F_CLONE},
};

static struct agg_def aggs[NAGGS] = {
	[A_KEYED] = {.name = "keyed",
		     .nkeys = 1,
		     .key_size = sizeof(struct key),
		     .nwords = 1,
		     .map = M_KEYED},
	[A_UNKEYED] = {.name = "", .key_size = 4, .nwords = 1, .map = M_PLAIN_AGG},
};

/* A program and what came out of it. */
struct bench {
	struct code code[2];
	struct hook_program programs[2];
	struct program p;
	struct probe probe;
	struct options o;
	struct engine *l;
	char why[512];
	/* What arrived. */
	uint64_t records, last, disorder;
	uint64_t sums[NAGGS], by_id[64], ids[64];
	int nids;
};

static void add_program(struct bench *b, const struct hook *h)
{
	int i = b->p.nprograms++;
	struct hook_program *prog = &b->programs[i];

	prog->hook = h;
	prog->role = h->attach == ATTACH_NONE	? ROLE_BEGIN
		     : h->attach == ATTACH_PERF ? ROLE_PROFILE
						: ROLE_EVENT;
	prog->code = (struct ir_code){.insns = b->code[i].insns,
				      .ninsns = b->code[i].n,
				      .uses = b->code[i].uses,
				      .nuses = b->code[i].nuses};
	if (h->attach == ATTACH_TP_BTF || h->attach == ATTACH_ITER)
		prog->attach_btf_id = libbpf_find_vmlinux_btf_id(h->target, h->attach_type);
}

static struct bench *bench_new(void)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->p = (struct program){.maps = maps,
				.nmaps = NMAPS,
				.control_map = M_CONTROL,
				.rings_map = M_RINGS,
				.drops_map = M_DROPS,
				.programs = b->programs,
				.aggs = aggs,
				.naggs = NAGGS};
	return b;
}

static void bench_open(struct bench *b)
{
	if (live_check(&b->p, b->why, sizeof(b->why)))
		fail_msg("live_check: %s", b->why);
	if (live_open(&b->p, &b->o, &b->l, b->why, sizeof(b->why)))
		fail_msg("live_open: %s", b->why);
}

static void bench_attach(struct bench *b)
{
	if (live_attach(b->l, b->why, sizeof(b->why)))
		fail_msg("live_attach: %s", b->why);
	live_control(b->l)->activity = ACTIVITY_ACTIVE;
}

static void bench_free(struct bench *b)
{
	live_close(b->l);
	free(b);
}

static void on_record(void *arg, int cpu, const struct record_head *r)
{
	struct bench *b = arg;

	assert_in_range(cpu, 0, live_ncpus(b->l) - 1);
	assert_int_equal(r->epid, 7);
	assert_int_equal(r->size, sizeof(struct event));
	b->disorder += r->time < b->last;
	b->last = r->time;
	b->records++;
}

static void on_agg(void *arg, int agg, const void *key, const int64_t *words)
{
	struct bench *b = arg;
	uint64_t id;
	int i = 0;

	b->sums[agg] += words[0];
	if (agg != A_KEYED)
		return;
	memcpy(&id, key, sizeof(id));
	while (i < b->nids && b->ids[i] != id)
		i++;
	assert_true(i < 64);
	b->nids += i == b->nids;
	b->ids[i] = id;
	b->by_id[i] += words[0];
}

static uint64_t drops_of(struct bench *b)
{
	uint64_t sum = 0;

	for (int cpu = 0; cpu < live_ncpus(b->l); cpu++) {
		struct drops d;

		live_drops(b->l, cpu, &d);
		sum += d.records;
	}
	return sum;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void begin_runs(void **state)
{
	struct bench *b = bench_new();
	uint64_t start;

	(void)state;
	put(&b->code[0], MOVI(9, 42));
	put_firing(&b->code[0], BPF_RB_FORCE_WAKEUP, 0);
	add_program(b, &begin_hook);
	bench_open(b);
	for (int i = 0; i < 3; i++)
		assert_int_equal(live_run(b->l, 0), 0);
	/* Forced: does not sleep the ten seconds. */
	start = now_ns();
	live_wait(b->l, 10000000000, -1);
	assert_true(now_ns() - start < 1000000000);
	assert_int_equal(live_consume(b->l, on_record, b), 3);
	assert_int_equal(b->records, 3);
	assert_int_equal(live_consume(b->l, on_record, b), 0);
	assert_int_equal(live_drain(b->l, on_agg, b), 2);
	assert_int_equal(b->sums[A_KEYED], 3);
	assert_int_equal(b->sums[A_UNKEYED], 3);
	assert_int_equal(b->ids[0], 42);
	assert_int_equal(live_drain(b->l, on_agg, b), 0);
	assert_int_equal(live_misses(b->l), 0);
	bench_free(b);
}

static void one_ring_will_do(void **state)
{
	struct bench *b = bench_new();
	struct map_def own[NMAPS];

	(void)state;
	memcpy(own, maps, sizeof(own));
	own[M_RINGS].type = BPF_MAP_TYPE_RINGBUF;
	b->p.maps = own;
	b->code[0].one_ring = b->p.one_ring = true;
	put(&b->code[0], MOVI(9, 1));
	put_firing(&b->code[0], BPF_RB_FORCE_WAKEUP, 0);
	add_program(b, &begin_hook);
	bench_open(b);
	bench_attach(b);
	assert_int_equal(live_run(b->l, 0), 0);
	live_detach(b->l);
	assert_int_equal(live_consume(b->l, on_record, b), 1);
	bench_free(b);
}

#define CALLS 100000
#define THREADS 3

static void *call(void *arg)
{
	(void)arg;
	for (int i = 0; i < CALLS; i++)
		syscall(SYS_getppid);
	return NULL;
}

static void under_load(void **state)
{
	struct bench *b = bench_new();
	pthread_t threads[THREADS];
	uint64_t drops = 0, end;
	int drains = 0;

	(void)state;
	b->code[0].spin = 30;
	code_syscall(&b->code[0]);
	add_program(b, &syscall_hook);
	bench_open(b);
	bench_attach(b);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, call, NULL), 0);
	end = now_ns() + 300000000;
	while (now_ns() < end) {
		assert_true(live_consume(b->l, on_record, b) >= 0);
		assert_true(live_drain(b->l, on_agg, b) >= 0);
		drains++;
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	live_detach(b->l);
	live_consume(b->l, on_record, b);
	assert_true(live_drain(b->l, on_agg, b) >= 0);
	drops = drops_of(b);
	print_message("%d drains, %llu records, %llu dropped, %llu out of order\n", drains,
		      (unsigned long long)b->records, (unsigned long long)drops,
		      (unsigned long long)b->disorder);
	assert_true(drains > 0);
	assert_int_equal(b->sums[A_UNKEYED], THREADS * CALLS);
	assert_int_equal(b->sums[A_KEYED], THREADS * CALLS);
	assert_int_equal(b->nids, THREADS);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(b->by_id[i], CALLS);
	assert_int_equal(b->records + drops, THREADS * CALLS);
	/* A virtual CPU may stand still between the time it takes and the record it writes. */
	assert_true(b->disorder <= b->records / 10000);
	assert_int_equal(drops_of(b), 0); /* since the last call */
	bench_free(b);
}

static void counts_what_a_full_ring_loses(void **state)
{
	struct bench *b = bench_new();
	uint64_t drops;

	(void)state;
	b->o.bufsize = 1;
	code_syscall(&b->code[0]);
	add_program(b, &syscall_hook);
	bench_open(b);
	bench_attach(b);
	for (int i = 0; i < 1000; i++)
		syscall(SYS_getppid);
	live_detach(b->l);
	for (int i = 0; i < 10; i++)
		syscall(SYS_getppid);
	live_consume(b->l, on_record, b);
	drops = drops_of(b);
	assert_true(drops > 0);
	assert_true(b->records >= 4096 / (8 + sizeof(struct event)) - 1);
	assert_int_equal(b->records + drops, 1000);
	bench_free(b);
}

static void sees_packets(void **state)
{
	struct bench *b = bench_new();
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(to);
	int in = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
	    out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(bind(in, (void *)&to, sizeof(to)), 0);
	assert_int_equal(getsockname(in, (void *)&to, &len), 0);
	code_packet(&b->code[0], ntohs(to.sin_port), 1);
	add_program(b, &egress_hook);
	code_packet(&b->code[1], ntohs(to.sin_port), 2);
	add_program(b, &ingress_hook);
	bench_open(b);
	bench_attach(b);
	for (int i = 0; i < 500; i++) {
		char c;

		assert_int_equal(sendto(out, "x", 1, 0, (void *)&to, sizeof(to)), 1);
		assert_int_equal(recv(in, &c, 1, 0), 1);
	}
	live_detach(b->l);
	assert_int_equal(sendto(out, "x", 1, 0, (void *)&to, sizeof(to)), 1);
	assert_int_equal(live_consume(b->l, on_record, b), 1000);
	assert_true(live_drain(b->l, on_agg, b) >= 0);
	assert_int_equal(b->nids, 2);
	assert_int_equal(b->by_id[0], 500);
	assert_int_equal(b->by_id[1], 500);
	assert_int_equal(b->disorder, 0);
	close(in);
	close(out);
	bench_free(b);
}

/* storage = sk's, made if there is none; if (storage && !*storage) *storage = mark; r2: sk */
static void put_mark(struct code *c, int mark, int ret)
{
	put_map(c, 1, M_SOCKET, false);
	put(c, MOVI(3, 0));
	put(c, MOVI(4, BPF_SK_STORAGE_GET_F_CREATE));
	put(c, CALL(sk_storage_get));
	put(c, JI(BPF_JEQ, 0, 0, 3));
	put(c, LD(BPF_DW, 1, 0, 0));
	put(c, JI(BPF_JNE, 1, 0, 1));
	put(c, STI(BPF_DW, 0, 0, mark));
	put_return(c, ret);
}

/* Where struct socket has its sk. */
static int offset_of_sk(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *t =
		btf__type_by_id(btf, btf__find_by_name_kind(btf, "socket", BTF_KIND_STRUCT));
	const struct btf_member *m = btf_members(t);
	int off = -1;

	for (int i = 0; i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, m[i].name_off), "sk"))
			off = m[i].offset / 8;
	btf__free(btf);
	return off;
}

static uint64_t mark_of(struct bench *b, int fd)
{
	uint64_t value[2] = {0};

	bpf_map_lookup_elem(((struct live *)b->l)->map_fds[M_SOCKET], &fd, value);
	return value[0];
}

/* Sockets made while attached, their children, and what the iterator finds. */
static void sockets_have_storage(void **state)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int older = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), listener, client, child;
	struct bench *b = bench_new();
	struct code *files = &b->code[1];
	socklen_t len = sizeof(to);

	(void)state;
	put(&b->code[0], MOV(2, 1));
	put_mark(&b->code[0], 1, 1);
	add_program(b, &create_hook);
	put(files, LD(BPF_DW, 1, 1, 24)); /* file */
	put(files, JI(BPF_JNE, 1, 0, 2));
	put_return(files, 0);
	put(files, CALL(sock_from_file));
	put(files, JI(BPF_JNE, 0, 0, 2));
	put_return(files, 0);
	put(files, LD(BPF_DW, 2, 0, offset_of_sk()));
	put(files, JI(BPF_JNE, 2, 0, 2));
	put_return(files, 0);
	put_mark(files, 2, 0);
	add_program(b, &files_hook);
	bench_open(b);
	bench_attach(b);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(mark_of(b, older), 0);
	assert_int_equal(live_run(b->l, 1), 0);
	assert_int_equal(mark_of(b, older), 2);
	assert_int_equal(mark_of(b, listener), 1);
	assert_int_equal(bind(listener, (void *)&to, sizeof(to)), 0);
	assert_int_equal(getsockname(listener, (void *)&to, &len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(connect(client, (void *)&to, len), 0);
	child = accept(listener, NULL, NULL);
	assert_int_equal(mark_of(b, child), 1);
	live_detach(b->l);
	close(older);
	close(listener);
	close(client);
	close(child);
	bench_free(b);
}

static void profile_fires(void **state)
{
	struct bench *b = bench_new();
	uint64_t records;

	(void)state;
	b->probe.period_ns = 1000000;
	put_active(&b->code[0], 0);
	put(&b->code[0], MOVI(9, 1));
	put_firing(&b->code[0], BPF_RB_NO_WAKEUP, 0);
	add_program(b, &clock_hook);
	b->programs[0].probe = &b->probe;
	bench_open(b);
	bench_attach(b);
	usleep(200000);
	live_detach(b->l);
	live_consume(b->l, on_record, b);
	records = b->records;
	/* 200 on each CPU, if the machine has time. */
	assert_in_range(records, 50, 400 * live_ncpus(b->l));
	usleep(20000);
	assert_int_equal(live_consume(b->l, on_record, b), 0);
	bench_free(b);
}

static void waits(void **state)
{
	struct bench *b = bench_new();
	int fds[2];
	uint64_t start;

	(void)state;
	put(&b->code[0], MOVI(9, 1));
	put_firing(&b->code[0], BPF_RB_NO_WAKEUP, 0);
	add_program(b, &begin_hook);
	bench_open(b);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(live_run(b->l, 0), 0);
	start = now_ns();
	live_wait(b->l, 30000000, fds[0]); /* a record that wakes nobody */
	assert_true(now_ns() - start >= 29000000);
	assert_int_equal(write(fds[1], "x", 1), 1);
	start = now_ns();
	live_wait(b->l, 5000000000, fds[0]);
	assert_true(now_ns() - start < 1000000000);
	close(fds[0]);
	close(fds[1]);
	bench_free(b);
}

/* A helper that no kernel has, as one of ours is to an older kernel: its name or number, and no
 * report. */
static void lacking_helper_is_named(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	put(&b->code[0], (struct bpf_insn){BPF_JMP | BPF_CALL, 0, 0, 0, 9999});
	put(&b->code[0], EXIT);
	add_program(b, &begin_hook);
	assert_int_equal(live_open(&b->p, &b->o, &b->l, b->why, sizeof(b->why)), -EINVAL);
	assert_string_equal(b->why, "this kernel lacks what the program for begin needs: the BPF "
				    "helper bpf_? (number 9999)");
	bench_free(b);
}

static void refused_program_is_reported(void **state)
{
	struct bench *b = bench_new();
	char *path, text[8192];
	FILE *f;
	size_t n;

	(void)state;
	put(&b->code[0], MOV(0, 5)); /* r5 was never written */
	put(&b->code[0], EXIT);
	add_program(b, &begin_hook);
	assert_int_equal(live_open(&b->p, &b->o, &b->l, b->why, sizeof(b->why)), -EACCES);
	assert_null(b->l);
	assert_non_null(strstr(
		b->why,
		"internal error: the kernel refused the program for begin; please report it with "));
	path = strrchr(b->why, ' ') + 1;
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	unlink(path);
	assert_non_null(strstr(text, "hook: begin"));
	assert_non_null(strstr(text, "R5 !read_ok"));
	bench_free(b);
}

/* The program of a child that was killed while attached is gone, so its link is too. */
static void death_detaches(void **state)
{
	int fds[2], status;
	uint32_t id;
	pid_t pid;

	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: only root may ask for programs by id\n");
		skip();
	}
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		struct bench *b = bench_new();

		code_syscall(&b->code[0]);
		add_program(b, &syscall_hook);
		bench_open(b);
		bench_attach(b);
		/* Ids rise: the last of that name is the one just loaded. */
		for (uint32_t next = 0; !bpf_prog_get_next_id(next, &next);) {
			struct bpf_prog_info info = {0};
			uint32_t len = sizeof(info);
			int fd = bpf_prog_get_fd_by_id(next);

			if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) &&
			    !strcmp(info.name, "dt_sys_enter"))
				id = next;
			close(fd);
		}
		if (write(fds[1], &id, sizeof(id)) != sizeof(id))
			_exit(1);
		pause();
		_exit(1);
	}
	assert_int_equal(read(fds[0], &id, sizeof(id)), sizeof(id));
	close(bpf_prog_get_fd_by_id(id));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	for (int i = 0; i < 100; i++) {
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd < 0) {
			assert_int_equal(errno, ENOENT);
			close(fds[0]);
			close(fds[1]);
			return;
		}
		close(fd);
		usleep(10000);
	}
	fail_msg("program %u is still there", id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begin_runs),
		cmocka_unit_test(one_ring_will_do),
		cmocka_unit_test(under_load),
		cmocka_unit_test(counts_what_a_full_ring_loses),
		cmocka_unit_test(sees_packets),
		cmocka_unit_test(sockets_have_storage),
		cmocka_unit_test(profile_fires),
		cmocka_unit_test(waits),
		cmocka_unit_test(lacking_helper_is_named),
		cmocka_unit_test(refused_program_is_reported),
		cmocka_unit_test(death_detaches),
	};
	struct bench b = {0};

	b.programs[0].hook = &egress_hook;
	b.p.programs = b.programs;
	b.p.nprograms = 1;
	if (geteuid() != 0 && live_check(&b.p, b.why, sizeof(b.why))) {
		printf("test_engine: skipped: %s\n", b.why);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
