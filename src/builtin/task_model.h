/* SPDX-License-Identifier: BSD-2-Clause */
/* curthread where there is no kernel: see task_model.c. */
#pragma once

#include "emit/emit.h"

/* A task_struct that holds what is known of the process that runs the programs. */
struct place task_model(struct emit *e);
