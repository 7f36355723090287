/* SPDX-License-Identifier: BSD-2-Clause */
/* Follows who owns the sockets (source/owner.h): programs of their own, for scripts that ask. */
#pragma once

#include "provider/hooks.h"
#include "provider/provider.h"

struct emit;
struct needs;

void owner_made(struct emit *e, const struct needs *n);
void owner_closed(struct emit *e, const struct needs *n);
void owner_found(struct emit *e, const struct needs *n);
void owner_state(struct emit *e, const struct needs *n);
void owner_calls(struct emit *e, const struct needs *n);
void owner_requests(struct emit *e, const struct needs *n);
void owner_sent(struct emit *e, const struct needs *n);
void owner_received(struct emit *e, const struct needs *n);
void owner_renamed(struct emit *e, const struct needs *n);

/* Ways that know the owners, for clauses with one of these needs. */
#define OWNER_WAY(need, hook, code)                                                                \
	{                                                                                          \
		&(hook), code, .prepares = (need), .role = ROLE_FOLLOW                             \
	}
#define OWNER_WAY_OPTIONAL(need, hook, code)                                                       \
	{                                                                                          \
		&(hook), code, .prepares = (need), .role = ROLE_FOLLOW, .optional = true           \
	}
#define OWNER_WAYS_FOR(need)                                                                       \
	OWNER_WAY(need, hook_sock_create, owner_made),                                             \
		OWNER_WAY(need, hook_sock_release, owner_closed),                                  \
		OWNER_WAY(need, hook_files, owner_found),                                          \
		OWNER_WAY(need, hook_set_state, owner_state),                                      \
		OWNER_WAY(need, hook_sys_enter, owner_calls),                                      \
		OWNER_WAY(need, hook_exec, owner_renamed),                                         \
		OWNER_WAY_OPTIONAL(need, hook_uring_file, owner_requests),                         \
		OWNER_WAY_OPTIONAL(need, hook_send_length, owner_sent),                            \
		OWNER_WAY_OPTIONAL(need, hook_recv_length, owner_received)
/* Of every probe that has a socket. */
#define OWNER_WAYS OWNER_WAYS_FOR(NEED_OWNER)
