/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel engine.  Links and maps belong to file descriptors of this process
 * alone: when it dies, however it dies, nothing stays attached.
 */
#pragma once

#include "engine.h"

extern const struct engine_calls live_engine;
