/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine that runs programs in this process, on the BPF machine: without
 * the kernel, and so without privilege.  It has clocks and this process; hooks
 * of the kernel it has not.
 */
#pragma once

#include "engine.h"

extern const struct engine_calls replay_engine;
/* The same over captures (options.captures), with their time. */
extern const struct engine_calls capture_engine;
