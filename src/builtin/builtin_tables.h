/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables behind builtin_find(): each ends with a row whose name is NULL. */
#pragma once

#include "builtin/builtin.h"

extern const struct builtin builtin_lock[], builtin_memory[], builtin_network[], builtin_probe[],
	builtin_string[], builtin_system[], builtin_task[], builtin_time[];
