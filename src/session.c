/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tracing session.
 *
 * The order that scripts can rely on: everything is attached while the activity
 * is OFF, so that no probe fires before BEGIN has finished and none is missed
 * afterwards; what is followed looks at what there is already (iterators); BEGIN
 * runs; the activity becomes ACTIVE, unless BEGIN called exit(), in one
 * compare-and-exchange, as an exit() sets DRAINING; probes that iterate fire; the
 * commands of -c are let go. At the end: DRAINING, detach, consume all there is, END,
 * consume, the last aggregations. END runs in every case in which BEGIN did.
 *
 * One thread. It sleeps in the engine's wait() until the earliest of: a tick is due,
 * records or aggregations are to be fetched (switchrate, aggrate; records when half
 * of the room for them is used, too), something
 * happened ("events": a signal, the end of a victim, a closed output, the
 * timer that makes ticks exact to the microsecond).
 */
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "consume/consumer.h"
#include "interrupt.h"
#include "report/report.h"

#define NANOSEC 1000000000ull
#define POLL_MIN_NS 1000000ull /* rates may ask for less: that would only burn a CPU */
#define TIME_OUT_NS NANOSEC    /* how often what is over is looked for */
#define SOON_NS 100000000ull   /* what is kept for a moment is over by then */
#define CATCH_UP_NS NANOSEC    /* ticks later than this are counted as missed, not made up for */

/* A tick-N: its program and when it is due. */
struct tick {
	int program;
	uint64_t period, next;
};

struct session {
	const struct session_input *in;
	const struct engine_calls *calls;
	struct engine *engine;
	struct form *form;
	struct consumer *consumer;
	struct control *control;
	VEC(struct tick) ticks;
	int error_program;	  /* of dtrace:::ERROR; -1: none */
	VEC(struct fault) errors; /* faults consumed that ERROR has not seen yet */
	int events, timer, interrupt;
	uint64_t next_switch, next_drain;
	uint64_t next_time_out; /* UINT64_MAX: nothing has a time */
	uint64_t late_ticks;
	bool stop;	 /* the outside wants an end */
	bool unwritable; /* nothing more can be written */
	bool failed;
};

enum event { EVENT_TIMER, EVENT_INTERRUPT, EVENT_OUTPUT, EVENT_VICTIM };

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NANOSEC + (uint64_t)t.tv_nsec;
}

/* What ticks go by: the time of what is traced. */
static uint64_t trace_now(const struct session *s)
{
	return s->calls->now ? s->calls->now(s->engine) : clock_ns(CLOCK_MONOTONIC);
}

/* setopt() changes these options: they are looked at each time. */
static uint64_t rate(uint64_t ns)
{
	return ns < POLL_MIN_NS ? POLL_MIN_NS : ns;
}

static uint32_t activity(const struct session *s)
{
	return __atomic_load_n(&s->control->activity, __ATOMIC_ACQUIRE);
}

/* The first program with this role from number `from` on, -1 if there is none (more). */
static int find_program(const struct program *p, enum role role, int from)
{
	for (int i = from; i < p->nprograms; i++)
		if (p->programs[i].role == role)
			return i;
	return -1;
}

/* A program had to be stopped: so is the session. */
static bool faulted(struct session *s)
{
	const char *fault = s->calls->fault ? s->calls->fault(s->engine) : NULL;

	if (!fault)
		return false;
	if (!s->failed)
		fprintf(stderr, "dtrace: %s\n", fault);
	s->failed = s->stop = true;
	return true;
}

static void run_program(struct session *s, int program)
{
	const struct hook_program *p;
	int err = program < 0 ? 0 : s->calls->run(s->engine, program);

	if (!err || faulted(s))
		return;
	p = &s->in->program->programs[program];
	fprintf(stderr, "dtrace: failed to run %s: %s\n", p->probe ? p->probe->name : p->hook->name,
		strerror(-err));
	s->failed = s->stop = true;
}

/* BEGIN, END or ERROR, if the script has it. */
static void run_role(struct session *s, enum role role)
{
	run_program(s, find_program(s->in->program, role, 0));
}

/* The iterators' programs of a role, each once. */
static void run_iterators(struct session *s, enum role role)
{
	const struct program *p = s->in->program;

	for (int i = -1; (i = find_program(p, role, i + 1)) >= 0;)
		if (p->programs[i].hook->attach == ATTACH_ITER)
			run_program(s, i);
}

/* Losses. */

static void tell_losses(struct session *s)
{
	struct loss dynamic = {.kind = LOSS_DYNAMIC, .cpu = -1};
	struct loss connections = {
		.kind = LOSS_CONNECTION, .cpu = -1, .why = "not followed to their end"};
	struct loss speculating = {
		.kind = LOSS_SPECULATING, .cpu = -1, .why = "no speculative buffer available"};
	struct drops d;

	for (int cpu = 0; cpu < s->calls->ncpus(s->engine); cpu++) {
		s->calls->drops(s->engine, cpu, &d);
		consumer_loss(s->consumer, (struct loss){LOSS_RECORD, d.records, cpu, NULL});
		consumer_loss(s->consumer,
			      (struct loss){LOSS_AGGREGATION, d.aggregations, cpu, NULL});
		consumer_loss(s->consumer, (struct loss){LOSS_ERROR, d.errors, cpu, NULL});
		consumer_loss(s->consumer,
			      (struct loss){LOSS_SPECULATION, d.speculations, cpu, NULL});
		speculating.count += d.no_speculations;
		dynamic.count += d.dynamic;
		connections.count += d.connections;
	}
	consumer_loss(s->consumer, speculating);
	consumer_loss(s->consumer, connections);
	consumer_loss(s->consumer, dynamic);
	consumer_loss(s->consumer, (struct loss){LOSS_FIRING, s->calls->misses(s->engine), -1,
						 s->calls->missed});
	consumer_loss(s->consumer,
		      (struct loss){LOSS_TICK, s->late_ticks, -1, "the system was too busy"});
	s->late_ticks = 0;
}

/* Records and aggregations. */

static void take_aggregate(void *arg, int agg, const void *key, const int64_t *words)
{
	struct session *s = arg;

	consumer_aggregate(s->consumer, agg, key, words);
}

static void drain(void *arg)
{
	struct session *s = arg;
	int err;

	if (s->in->program->naggs == 0)
		return;
	err = s->calls->drain(s->engine, take_aggregate, s);
	if (err < 0 && !s->failed) {
		fprintf(stderr, "dtrace: failed to read the aggregations: %s\n", strerror(-err));
		s->failed = s->stop = true;
	}
}

/* A fault in a clause of ERROR itself does not fire ERROR again. */
static bool fires_error(const struct session *s, const struct record_head *r)
{
	const struct program *p = s->in->program;
	const struct fault *f = (const struct fault *)r;

	if (r->epid != FAULT_EPID || s->error_program < 0)
		return false;
	return f->epid >= (uint32_t)p->nenablings ||
	       p->enablings[f->epid].probe != p->programs[s->error_program].probe;
}

static void take_record(void *arg, int cpu, const struct record_head *r)
{
	struct session *s = arg;

	consumer_record(s->consumer, cpu, r);
	if (fires_error(s, r))
		vec_push(&s->errors, *(const struct fault *)r);
}

static void flush(struct session *s)
{
	int err = consumer_flush(s->consumer);

	if (!err || s->unwritable)
		return;
	s->stop = s->unwritable = true;
	if (err == -EPIPE) /* whoever read it has seen enough */
		return;
	s->failed = true;
	fprintf(stderr, "dtrace: failed to write to %s: %s\n", s->in->out_name, strerror(-err));
}

/* ERROR fires for each fault, those from before an exit() too. */
static void run_errors(struct session *s)
{
	const struct program *p = s->in->program;

	for (size_t i = 0; i < s->errors.n; i++) {
		struct fault f = s->errors.at[i];

		f.epid = f.epid < (uint32_t)p->nenablings ? p->enablings[f.epid].id : 0;
		s->control->error = f;
		run_role(s, ROLE_ERROR);
	}
	s->errors.n = 0;
}

/* Everything recorded so far goes out. */
static void consume(struct session *s)
{
	do {
		run_errors(s);
		consumer_batch(s->consumer);
		s->calls->consume(s->engine, take_record, s);
	} while (s->errors.n > 0 && !s->failed && !s->unwritable);
	s->errors.n = 0;
	flush(s);
}

/* Ticks. */

static void collect_ticks(struct session *s, uint64_t now)
{
	const struct program *p = s->in->program;

	for (int i = -1; (i = find_program(p, ROLE_TICK, i + 1)) >= 0;) {
		uint64_t period = p->programs[i].probe->period_ns;

		vec_push(&s->ticks, (struct tick){i, period, now + period});
	}
}

static void run_ticks(struct session *s, uint64_t now)
{
	for (size_t i = 0; i < s->ticks.n; i++) {
		struct tick *t = &s->ticks.at[i];

		while (t->next <= now && !s->stop && activity(s) == ACTIVITY_ACTIVE) {
			uint64_t late = now - t->next;

			if (late > CATCH_UP_NS && late > t->period) {
				s->late_ticks += late / t->period;
				t->next += late / t->period * t->period;
			}
			run_program(s, t->program);
			t->next += t->period;
			if (s->calls->filling(s->engine))
				consume(s);
		}
	}
}

/* What is followed for a time, and then is over. */

static bool times_out(const struct session *s)
{
	return s->calls->time_out && find_program(s->in->program, ROLE_TIMEOUT, 0) >= 0;
}

/* ahead: what will be over in so many nanoseconds too. */
static void time_out(struct session *s, uint64_t ahead)
{
	const struct program *p = s->in->program;
	int err = 0;

	for (int i = -1; !err && (i = find_program(p, ROLE_TIMEOUT, i + 1)) >= 0;)
		err = s->calls->time_out(s->engine, i, ahead);
	if (!err)
		return;
	fprintf(stderr, "dtrace: failed to look for what has timed out: %s\n", strerror(-err));
	s->failed = s->stop = true;
}

/* Events. */

static int watch(struct session *s, int fd, uint32_t what, enum event event)
{
	struct epoll_event e = {.events = what, .data.u32 = event};

	return epoll_ctl(s->events, EPOLL_CTL_ADD, fd, &e) == 0 ? 0 : -errno;
}

static int open_events(struct session *s)
{
	struct victims *v = s->in->victims;
	int out = fileno(s->in->out), err;
	struct stat st;

	s->interrupt = interrupt_open();
	if (s->interrupt < 0)
		return s->interrupt;
	s->events = epoll_create1(EPOLL_CLOEXEC);
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (s->events < 0 || s->timer < 0)
		return -errno;
	err = watch(s, s->interrupt, EPOLLIN, EVENT_INTERRUPT);
	if (!err)
		err = watch(s, s->timer, EPOLLIN, EVENT_TIMER);
	for (size_t i = 0; i < v->list.n && !err; i++)
		err = watch(s, v->list.at[i].pidfd, EPOLLIN, EVENT_VICTIM);
	/* a pipe says when its reader goes, also while there is nothing to write */
	if (!err && fstat(out, &st) == 0 && S_ISFIFO(st.st_mode))
		err = watch(s, out, 0, EVENT_OUTPUT);
	return err;
}

static void close_events(struct session *s)
{
	const int fds[] = {s->events, s->timer};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

static void see_events(struct session *s)
{
	struct epoll_event e[8];
	int n = epoll_wait(s->events, e, 8, 0);
	bool ended = false;

	for (int i = 0; i < n; i++) {
		switch ((enum event)e[i].data.u32) {
		case EVENT_TIMER: /* disarmed by the next settime */
			break;
		case EVENT_VICTIM:
			ended = true;
			break;
		case EVENT_OUTPUT:
			s->unwritable = true;
			s->stop = true;
			break;
		case EVENT_INTERRUPT:
			/* the terminal has written ^C, in the middle of a line */
			if (!s->stop && isatty(STDERR_FILENO))
				fputc('\n', stderr);
			s->stop = true;
			break;
		}
	}
	if (!ended)
		return;
	victims_reap(s->in->victims, s->in->options->quiet ? NULL : stderr);
	if (s->in->victims->alive == 0)
		s->stop = true;
}

static uint64_t next_tick(const struct session *s)
{
	uint64_t due = UINT64_MAX;

	for (size_t i = 0; i < s->ticks.n; i++) {
		if (s->ticks.at[i].next < due)
			due = s->ticks.at[i].next;
	}
	return due;
}

static uint64_t next_due(const struct session *s)
{
	uint64_t due = s->next_switch < s->next_drain ? s->next_switch : s->next_drain,
		 tick = next_tick(s);

	if (s->next_time_out < due)
		due = s->next_time_out;
	return tick < due ? tick : due;
}

static void sleep_until(struct session *s, uint64_t due)
{
	struct itimerspec t = {
		.it_value = {.tv_sec = (time_t)(due / NANOSEC), .tv_nsec = (long)(due % NANOSEC)}};
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (due > now) {
		timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &t, NULL);
		s->calls->wait(s->engine, due - now, s->events);
	}
	see_events(s);
}

/* Lets the engine work. Where it has its own time, that of the system waits for nothing. */
static void wait_for_work(struct session *s)
{
	uint64_t tick = next_tick(s), now;

	if (!s->calls->now) {
		sleep_until(s, next_due(s));
		return;
	}
	now = s->calls->now(s->engine);
	s->calls->wait(s->engine, tick == UINT64_MAX ? tick : tick > now ? tick - now : 0, -1);
	see_events(s);
}

/* The next multiple of period behind now. */
static void advance(uint64_t *next, uint64_t period, uint64_t now)
{
	*next += period;
	if (*next <= now)
		*next = now + period;
}

static bool finished(struct session *s)
{
	int status;

	return s->stop || faulted(s) || activity(s) != ACTIVITY_ACTIVE ||
	       consumer_exited(s->consumer, &status);
}

static void trace(struct session *s)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	collect_ticks(s, trace_now(s));
	s->next_switch = now + rate(s->in->options->switchrate);
	s->next_drain = now + rate(s->in->options->aggrate);
	s->next_time_out = times_out(s) ? now + TIME_OUT_NS : UINT64_MAX;
	while (!finished(s)) {
		wait_for_work(s);
		now = clock_ns(CLOCK_MONOTONIC);
		run_ticks(s, trace_now(s));
		if (now >= s->next_time_out) {
			time_out(s, 0);
			advance(&s->next_time_out, TIME_OUT_NS, now);
		}
		if (now >= s->next_drain) {
			drain(s);
			advance(&s->next_drain, rate(s->in->options->aggrate), now);
		}
		if (now < s->next_switch) {
			if (s->calls->filling(s->engine))
				consume(s);
		} else {
			consume(s);
			tell_losses(s);
			advance(&s->next_switch, rate(s->in->options->switchrate), now);
		}
	}
}

static int status_of(const struct session *s)
{
	int status;

	return !s->failed && consumer_exited(s->consumer, &status) ? status : s->failed;
}

static void tell_remarks(struct session *s)
{
	const char *what;
	bool failed;

	for (int i = 0; s->calls->remark && (what = s->calls->remark(s->engine, i, &failed)); i++) {
		fprintf(stderr, "dtrace: %s\n", what);
		s->failed |= failed;
	}
}

/* From here on the programs do nothing; then they are gone. What they have given is brought home.
 */
static void finish(struct session *s)
{
	__atomic_store_n(&s->control->activity, ACTIVITY_DRAINING, __ATOMIC_RELEASE);
	s->calls->detach(s->engine);
	s->control->ending = 1;
	if (times_out(s) && !s->failed)
		time_out(s, SOON_NS);
	victims_reap(s->in->victims, s->in->options->quiet ? NULL : stderr);
	if (!s->unwritable)
		consume(s);
	if (s->control->exited)
		consumer_exit(s->consumer, s->control->exit_status);
	run_role(s, ROLE_END);
	if (!s->unwritable)
		consume(s);
	drain(s);
	if (!s->unwritable && !s->failed)
		consumer_finish(s->consumer);
	if (!s->unwritable)
		flush(s);
	tell_losses(s);
	tell_remarks(s);
	consumer_end(s->consumer, trace_now(s), status_of(s));
	if (!s->unwritable)
		flush(s);
}

/* Compiled program -> loaded program, and all that the loop needs. 0, or -1 after a message. */
static int open_session(struct session *s)
{
	const struct session_input *in = s->in;
	char why[1024] = "";
	int err;

	if (s->calls->check(in->program, why, sizeof(why)) < 0 ||
	    s->calls->open(in->program, in->options, &s->engine, why, sizeof(why)) < 0) {
		fprintf(stderr, "dtrace: %s\n", why);
		return -1;
	}
	s->control = s->calls->control(s->engine);
	if (!s->calls->now)
		s->control->wall_offset =
			(int64_t)(clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC));
	s->form = report_form(in->options, in->out);
	s->consumer = consumer_new(in->program, in->options, s->form, drain, s);
	s->error_program = find_program(in->program, ROLE_ERROR, 0);
	err = open_events(s);
	if (err) {
		fprintf(stderr, "dtrace: failed to set up the wait for events: %s\n",
			strerror(-err));
		return -1;
	}
	return 0;
}

static void begin(struct session *s)
{
	uint32_t off = ACTIVITY_OFF;
	char why[512] = "";

	consumer_begin(s->consumer, trace_now(s));
	run_iterators(s, ROLE_FOLLOW);
	run_role(s, ROLE_BEGIN);
	__atomic_compare_exchange_n(&s->control->activity, &off, ACTIVITY_ACTIVE, false,
				    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	if (activity(s) == ACTIVITY_ACTIVE)
		run_iterators(s, ROLE_EVENT);
	if (activity(s) == ACTIVITY_ACTIVE &&
	    victims_release(s->in->victims, why, sizeof(why)) < 0) {
		fprintf(stderr, "dtrace: %s\n", why);
		s->failed = s->stop = true;
	}
	consume(s);
}

int session_run(const struct session_input *in)
{
	struct session s = {.in = in,
			    .calls = in->engine,
			    .events = -1,
			    .timer = -1,
			    .interrupt = -1,
			    .error_program = -1};
	char why[1024] = "";
	int status = 1;

	signal(SIGPIPE, SIG_IGN);
	if (open_session(&s) < 0)
		goto done;
	if (s.calls->attach(s.engine, why, sizeof(why)) < 0) {
		fprintf(stderr, "dtrace: %s\n", why);
		goto done;
	}
	begin(&s);
	trace(&s);
	finish(&s);
	status = status_of(&s);
done:
	consumer_free(s.consumer);
	if (s.form)
		s.form->calls->free(s.form);
	if (s.engine)
		s.calls->close(s.engine);
	close_events(&s);
	vec_free(&s.ticks);
	vec_free(&s.errors);
	return status;
}
