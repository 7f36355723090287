/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the kernel engine that need no kernel: merging rings, sizes, messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/capability.h>

#include "base/cpus.h"
#include "engine/limits.h"
#include "live/live_impl.h"
#include "live/features.h"
#include "live/lacks.h"

#define RING_SIZE 4096u
#define NRINGS 3

struct event {
	struct record_head head;
	uint64_t pad;
};

#define STEP (BPF_RINGBUF_HDR_SZ + sizeof(struct event))

/* Rings in our own memory, and what was read from them. */
struct fake {
	struct ring rings[NRINGS];
	struct ring *heap[NRINGS];
	unsigned long consumer[NRINGS], producer[NRINGS];
	uint8_t data[NRINGS][2 * RING_SIZE];
	struct rings rs;
	uint64_t times[4096];
	uint32_t cpus[4096], epids[4096];
	int n;
};

static struct fake *fake_new(void)
{
	struct fake *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	for (int i = 0; i < NRINGS; i++)
		f->rings[i] = (struct ring){.consumer = &f->consumer[i],
					    .producer = &f->producer[i],
					    .data = f->data[i],
					    .size = RING_SIZE,
					    .cpu = i};
	f->rs = (struct rings){.at = f->rings, .heap = f->heap, .n = NRINGS};
	return f;
}

/* Both copies, as the kernel's double mapping shows them. */
static void put(struct fake *f, int ring, uint64_t pos, const void *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = (pos + i) % RING_SIZE;

		f->data[ring][at] = f->data[ring][at + RING_SIZE] = ((const uint8_t *)from)[i];
	}
}

static uint64_t produce(struct fake *f, int ring, uint64_t time, uint32_t epid, uint32_t flags)
{
	uint64_t pos = f->producer[ring];
	uint32_t head[2] = {sizeof(struct event) | flags, 0};
	struct event e = {.head = {epid, sizeof(e), time}};

	assert_true(pos + STEP - f->consumer[ring] <= RING_SIZE);
	put(f, ring, pos, head, sizeof(head));
	put(f, ring, pos + sizeof(head), &e, sizeof(e));
	f->producer[ring] += STEP;
	return pos;
}

static void on_record(void *arg, int cpu, const struct record_head *r)
{
	struct fake *f = arg;
	size_t at = ((const uint8_t *)r - f->data[cpu] - BPF_RINGBUF_HDR_SZ) % RING_SIZE;

	/* Its space is still ours. */
	assert_true((at - f->consumer[cpu]) % RING_SIZE < RING_SIZE);
	assert_true(f->consumer[cpu] <= f->producer[cpu]);
	assert_int_equal(r->size, sizeof(struct event));
	f->times[f->n] = r->time;
	f->epids[f->n] = r->epid;
	f->cpus[f->n++] = cpu;
}

static void check_times(struct fake *f, int n, const uint64_t *want)
{
	assert_int_equal(f->n, n);
	for (int i = 0; i < n; i++)
		assert_int_equal(f->times[i], want[i]);
	f->n = 0;
}

static void merges_by_time(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	produce(f, 0, 10, 0, 0);
	produce(f, 0, 40, 0, 0);
	produce(f, 1, 20, 0, 0);
	produce(f, 1, 50, 0, 0);
	produce(f, 2, 30, 0, 0);
	assert_int_equal(rings_consume(&f->rs, UINT64_MAX, on_record, f), 5);
	check_times(f, 5, (const uint64_t[]){10, 20, 30, 40, 50});
	assert_true(rings_empty(&f->rs));
	assert_int_equal(rings_consume(&f->rs, UINT64_MAX, on_record, f), 0);
	free(f);
}

static void equal_times_keep_their_order(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	produce(f, 1, 10, 3, 0);
	produce(f, 0, 10, 1, 0);
	produce(f, 0, 10, 2, 0);
	assert_int_equal(rings_consume(&f->rs, UINT64_MAX, on_record, f), 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(f->epids[i], i + 1);
	assert_int_equal(f->cpus[2], 1);
	free(f);
}

/* An interrupt's record lies before that of the program it interrupted. */
static void sorts_within_a_ring(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	produce(f, 0, 30, 0, 0);
	produce(f, 0, 20, 0, 0);
	produce(f, 0, 10, 0, 0);
	produce(f, 1, 25, 0, 0);
	produce(f, 1, 5, 0, 0);
	rings_consume(&f->rs, UINT64_MAX, on_record, f);
	check_times(f, 5, (const uint64_t[]){5, 10, 20, 25, 30});
	assert_true(rings_empty(&f->rs));
	free(f);
}

static void busy_record_ends_the_ring(void **state)
{
	struct fake *f = fake_new();
	uint32_t committed = sizeof(struct event);
	uint64_t pos;

	(void)state;
	produce(f, 0, 10, 0, 0);
	pos = produce(f, 0, 20, 0, BPF_RINGBUF_BUSY_BIT);
	produce(f, 0, 30, 0, 0);
	produce(f, 1, 40, 0, 0);
	rings_consume(&f->rs, UINT64_MAX, on_record, f);
	check_times(f, 2, (const uint64_t[]){10, 40});
	assert_true(f->rs.busy);
	assert_int_equal(f->consumer[0], pos);
	put(f, 0, pos, &committed, sizeof(committed));
	rings_consume(&f->rs, UINT64_MAX, on_record, f);
	check_times(f, 2, (const uint64_t[]){20, 30});
	assert_false(f->rs.busy);
	free(f);
}

static void horizon_holds_back(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	produce(f, 0, 10, 0, 0);
	produce(f, 0, 30, 0, 0);
	produce(f, 1, 20, 0, 0);
	produce(f, 1, 21, 0, 0);
	rings_consume(&f->rs, 20, on_record, f);
	check_times(f, 2, (const uint64_t[]){10, 20});
	assert_int_equal(f->consumer[0], STEP);
	rings_consume(&f->rs, 30, on_record, f);
	check_times(f, 2, (const uint64_t[]){21, 30});
	free(f);
}

static void skips_what_was_discarded(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	produce(f, 0, 10, 0, BPF_RINGBUF_DISCARD_BIT);
	produce(f, 0, 20, 0, 0);
	produce(f, 0, 30, 0, BPF_RINGBUF_DISCARD_BIT);
	rings_consume(&f->rs, UINT64_MAX, on_record, f);
	check_times(f, 1, (const uint64_t[]){20});
	assert_true(rings_empty(&f->rs));
	free(f);
}

/* Many times around the rings, displaced by less than the window. */
static void long_run(void **state)
{
	struct fake *f = fake_new();
	uint64_t time = 1000;
	int total = 0;

	(void)state;
	srand(1);
	for (int round = 0; round < 100; round++) {
		int per_ring = 1 + rand() % (RING_SIZE / STEP);

		for (int i = 0; i < per_ring; i++)
			for (int r = 0; r < NRINGS; r++)
				produce(f, r,
					time + 10 * i - rand() % (10 * (RING_WINDOW - 2)) + 1000, 0,
					0);
		time += 20 * RING_SIZE;
		f->n = 0;
		assert_int_equal(rings_consume(&f->rs, UINT64_MAX, on_record, f),
				 per_ring * NRINGS);
		for (int i = 1; i < f->n; i++)
			assert_true(f->times[i - 1] <= f->times[i]);
		assert_true(rings_empty(&f->rs));
		total += f->n;
	}
	assert_true(total > 1000);
	free(f);
}

/* Space goes back while a batch is read, but never that of a record still to come. */
struct releasing {
	struct fake *f;
	uint64_t start; /* the consumer's position before */
	uint64_t oldest;
	bool released;
};

static void on_releasing(void *arg, int cpu, const struct record_head *r)
{
	struct releasing *s = arg;

	assert_int_equal(cpu, 0);
	s->released |= s->f->consumer[0] > s->start;
	/* The first record is the last by time: until it comes, nothing may be released. */
	if (r->time == 1000000)
		s->oldest = s->f->consumer[0];
}

static void releases_in_order(void **state)
{
	struct fake *f = fake_new();
	struct releasing s = {.f = f, .oldest = 1};

	(void)state;
	produce(f, 0, 1000000, 0, 0);
	for (int i = 0; i < 100; i++)
		produce(f, 0, i, 0, 0);
	rings_consume(&f->rs, UINT64_MAX, on_releasing, &s);
	assert_int_equal(s.oldest, 0);
	assert_false(s.released);
	assert_int_equal(f->consumer[0], f->producer[0]);
	s.start = f->consumer[0];
	for (int i = 0; i < 100; i++)
		produce(f, 0, i, 0, 0);
	rings_consume(&f->rs, UINT64_MAX, on_releasing, &s);
	assert_true(s.released);
	free(f);
}

static void names_missing_capabilities(void **state)
{
	const uint64_t bpf = 1ULL << CAP_BPF, perfmon = 1ULL << CAP_PERFMON,
		       net = 1ULL << CAP_NET_ADMIN;
	char why[256] = "";

	(void)state;
	assert_int_equal(features_check_capabilities(bpf | perfmon, 0, why, sizeof(why)), -1);
	assert_string_equal(why, "needs CAP_BPF and CAP_PERFMON (run as root, or: setcap "
				 "cap_bpf,cap_perfmon,cap_net_admin+ep dtrace)");
	assert_int_equal(features_check_capabilities(bpf | perfmon | net, 0, why, sizeof(why)), -1);
	assert_non_null(strstr(why, "needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN ("));
	assert_int_equal(
		features_check_capabilities(bpf | perfmon | net, bpf | perfmon, why, sizeof(why)),
		-1);
	assert_non_null(strstr(why, "needs CAP_NET_ADMIN ("));
	assert_int_equal(
		features_check_capabilities(bpf | perfmon, bpf | perfmon, why, sizeof(why)), 0);
	assert_int_equal(
		features_check_capabilities(bpf | net, 1ULL << CAP_SYS_ADMIN, why, sizeof(why)), 0);
}

static void needs_what_the_hooks_need(void **state)
{
	static const struct hook begin = {.attach = ATTACH_NONE},
				 packet = {.attach = ATTACH_CGROUP};
	struct hook_program programs[2] = {{.hook = &begin}, {.hook = &packet}};
	struct program p = {.programs = programs, .nprograms = 1};
	const uint64_t tracing = 1ULL << CAP_BPF | 1ULL << CAP_PERFMON;

	(void)state;
	assert_int_equal(features_needed(&p), tracing);
	p.nprograms = 2;
	assert_int_equal(features_needed(&p), tracing | 1ULL << CAP_NET_ADMIN);
	p.nprograms = 0;
	assert_int_equal(features_needed(&p), 0);
}

static void reads_cpu_lists(void **state)
{
	bool online[8] = {0};

	(void)state;
	cpus_list("0-1,4,6-99\n", online, 8);
	for (int i = 0; i < 8; i++)
		assert_int_equal(online[i], i <= 1 || i == 4 || i >= 6);
	memset(online, 0, sizeof(online));
	cpus_list("", online, 8);
	cpus_list("-,x", online, 8);
	for (int i = 0; i < 8; i++)
		assert_false(online[i]);
}

static void knows_realtime_kernels(void **state)
{
	(void)state;
	assert_true(features_realtime_version("#1 SMP PREEMPT_RT Debian 6.1.192-2 (2026-11-01)"));
	assert_true(features_realtime_version("#1 SMP PREEMPT_RT"));
	assert_false(features_realtime_version("#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2"));
	assert_false(features_realtime_version("#1 SMP PREEMPT Debian"));
	assert_false(features_realtime_version(""));
}

/* As kernels say it: one that never heard of the helper, one that has it for other programs. */
static void tells_what_a_kernel_lacks(void **state)
{
	char what[256];

	(void)state;
	assert_true(lacks_by_log(
		"0: (85) call unknown#158\ninvalid func unknown#158\nprocessed 1 insns", what,
		sizeof(what)));
	assert_string_equal(what, "the BPF helper bpf_get_current_task_btf (number 158)");
	assert_true(lacks_by_log("unknown func bpf_skc_to_tcp_sock#137\n", what, sizeof(what)));
	assert_string_equal(what, "the BPF helper bpf_skc_to_tcp_sock (number 137)");
	assert_true(lacks_by_log("program of this type cannot use helper bpf_sk_fullsock#95\n",
				 what, sizeof(what)));
	assert_string_equal(what, "the BPF helper bpf_sk_fullsock (number 95)");
	assert_true(lacks_by_log("invalid func unknown#99999\n", what, sizeof(what)));
	assert_string_equal(what, "the BPF helper bpf_? (number 99999)");
	assert_true(lacks_by_log("tail_calls are not allowed in non-JITed programs with bpf-to-bpf "
				 "calls\n",
				 what, sizeof(what)));
	assert_non_null(strstr(what, "bpf_jit_enable"));
	/* a mistake of the code generator is none of these */
	assert_false(lacks_by_log("R1 invalid mem access 'scalar'\n", what, sizeof(what)));
	assert_false(lacks_by_log("", what, sizeof(what)));
}

static void sizes_rings(void **state)
{
	struct hook_program program = {.role = ROLE_EVENT};
	struct enabling enabling = {.record_size = 1 << 20};
	struct program p = {.programs = &program, .nprograms = 1};

	(void)state;
	assert_int_equal(engine_ring_size(&p, 0), 4 << 20);
	assert_int_equal(engine_ring_size(&p, 5 << 20), 8 << 20);
	assert_int_equal(engine_ring_size(&p, 1), 4096);
	assert_int_equal(engine_ring_size(&p, 1ULL << 50), 1 << 30);
	p.one_ring = true;
	assert_int_equal(engine_ring_size(&p, 4 << 20), 256 << 10);
	assert_int_equal(engine_ring_size(&p, 8192), 8192);
	p.enablings = &enabling;
	p.nenablings = 1;
	assert_int_equal(engine_ring_size(&p, 64 << 20), 8 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_by_time),
		cmocka_unit_test(equal_times_keep_their_order),
		cmocka_unit_test(sorts_within_a_ring),
		cmocka_unit_test(busy_record_ends_the_ring),
		cmocka_unit_test(horizon_holds_back),
		cmocka_unit_test(skips_what_was_discarded),
		cmocka_unit_test(long_run),
		cmocka_unit_test(releases_in_order),
		cmocka_unit_test(names_missing_capabilities),
		cmocka_unit_test(needs_what_the_hooks_need),
		cmocka_unit_test(reads_cpu_lists),
		cmocka_unit_test(tells_what_a_kernel_lacks),
		cmocka_unit_test(knows_realtime_kernels),
		cmocka_unit_test(sizes_rings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
