/* SPDX-License-Identifier: BSD-2-Clause */
/* The process in which a probe fires, as actions record or change it. */
#pragma once

#include "emit/emit.h"

int action_process(struct emit *e); /* a register: its number */
/* Whether that one can be changed where the probe fires; else an error. what: "send it a signal" */
bool action_has_process(struct emit *e, const struct node *n, const char *what);
