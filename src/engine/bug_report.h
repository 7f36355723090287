/* SPDX-License-Identifier: BSD-2-Clause */
/* What a developer needs of a program that the compiler made and that is wrong. */
#pragma once

#include "program/program.h"

/* Writes a new file with it; its name goes to path. error: in a few words; log: all that was said
 * of it. 0 or -errno. */
int engine_bug_report(const struct program *p, const struct hook_program *prog,
		      const struct ir_code *code, const char *error, const char *log, char *path,
		      size_t n);
