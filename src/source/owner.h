/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that owns a socket: the one that made it, or used it last.
 *
 *	owners		with each socket (storage, which an accepted one inherits): who made it, or
 *			had it when the trace started; when it is closed, who used it last
 *	uses		by cookie: who used it last. A call that begins has a descriptor, from which
 *			a program comes to the socket, but not to a pointer that storage is given
 *			for; the cookie is enough here
 *	apart		by cookie: of sockets that a program meets only by number, listeners (by
 *their requests) and connections that go on without a socket, in TIME_WAIT and FIN_WAIT_2 execs
 *by process: its name since it called exec()
 *
 * What is in uses is newer than what is with the socket; of names the newer counts.
 * provider/owner.c fills them, for scripts that read one of the members alone.
 */
#pragma once

#include "source/sock.h"

/* How a process is kept. */
struct owner {
	uint32_t pid, uid;
	uint64_t cgroup;
	uint64_t name[2];
	uint64_t age; /* as owner_age() has it; 0: nothing is known */
};

/* Maps. */
int owner_map_sockets(struct emit *e);
int owner_map_uses(struct emit *e);
int owner_map_apart(struct emit *e);
int owner_map_execs(struct emit *e);

/* Keeps the owner of a full socket (a pointer that storage is given for) in the third. */
void owner_set_apart(struct emit *e, int sk);
/* One that the kernel made, as part of a process's, has its owner with it: so it stays known when
 * the connection turns out to be TCP's alone. */
void owner_set_part(struct emit *e, int sk);
/* A register with the cookie under which the owner of a socket is there: it is TIME_WAIT's, or a
 * request; 0: neither. */
int owner_apart(struct emit *e, struct place sk);

/* A register: how many times a process has called exec() so far, and 1. Of a process's name and its
 * use of a socket this tells which is newer, without a clock. */
int owner_age(struct emit *e);
void owner_age_more(struct emit *e);

/* Registers with the address of what a map has, or 0. */
int owner_of_socket(struct emit *e, int sk, bool make);
int owner_of_cookie(struct emit *e, int cookie);
/* A register with a socket's cookie, 0 if it has none: the place is a struct sock. */
int owner_cookie(struct emit *e, struct place sk);

/* A socket whose owner is asked for. */
struct owned {
	int sk; /* register: a pointer that storage is given for, perhaps 0; -1: none */
	struct place fields; /* struct sock */
	bool any;	     /* it may be TIME_WAIT's or a request */
	int apart; /* without a pointer: a register with its owner_apart(); -1: not known */
};

void owner_pid(struct emit *e, struct owned s, struct value *out);
void owner_uid(struct emit *e, struct owned s, struct value *out);
void owner_cgroup(struct emit *e, struct owned s, struct value *out);
void owner_execname(struct emit *e, struct owned s, struct value *out);

/* The members of a source, whose owned() gives the socket of an object. */
#define OWNER_CODE(owned)                                                                          \
	static void member_pid(struct emit *e, const struct object *o, struct value *out)          \
	{                                                                                          \
		owner_pid(e, owned(e, o), out);                                                    \
	}                                                                                          \
	static void member_uid(struct emit *e, const struct object *o, struct value *out)          \
	{                                                                                          \
		owner_uid(e, owned(e, o), out);                                                    \
	}                                                                                          \
	static void member_cgroup(struct emit *e, const struct object *o, struct value *out)       \
	{                                                                                          \
		owner_cgroup(e, owned(e, o), out);                                                 \
	}                                                                                          \
	static void member_execname(struct emit *e, const struct object *o, struct value *out)     \
	{                                                                                          \
		owner_execname(e, owned(e, o), out);                                               \
	}
#define OWNER_MEMBERS                                                                              \
	{"pid", member_pid, .needs = NEED_OWNER}, {"uid", member_uid, .needs = NEED_OWNER},        \
		{"cgroup", member_cgroup, .needs = NEED_OWNER},                                    \
	{                                                                                          \
		"execname", member_execname, REP_NAME, .needs = NEED_OWNER                         \
	}
