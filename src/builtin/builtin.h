/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The built-in variables, subroutines and actions: const tables, one row each,
 * found by name. Nobody else compares names.
 */
#pragma once

#include "base/suggest.h"
#include "emit/builtin.h"

const struct builtin *builtin_find(const char *name, bool variable);
const struct builtin *builtin_at(int i); /* all rows in order; NULL past the last */
void builtin_suggest(struct suggest *s, bool variables);
