/* SPDX-License-Identifier: BSD-2-Clause */
/* How the probes of ip, tcp and udp fire over a capture: a hook for each, whose context says all.
 */
#pragma once

#include "capture/event.h"
#include "provider/provider.h"

extern const struct hook captured_hooks[CAPTURED_KINDS];
extern const char *const captured_natives[], *const captured_change_natives[];

void captured_fires_ip(struct emit *e, const struct needs *n);
void captured_fires(struct emit *e, const struct needs *n);
void captured_fires_change(struct emit *e, const struct needs *n);

#define CAPTURED_IP_WAY(kind)                                                                      \
	{                                                                                          \
		&captured_hooks[kind], captured_fires_ip, captured_natives                         \
	}
#define CAPTURED_WAY(kind)                                                                         \
	{                                                                                          \
		&captured_hooks[kind], captured_fires, captured_natives                            \
	}
#define CAPTURED_CHANGE_WAY(kind)                                                                  \
	{                                                                                          \
		&captured_hooks[kind], captured_fires_change, captured_change_natives              \
	}
