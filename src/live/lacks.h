/* SPDX-License-Identifier: BSD-2-Clause */
/* What this kernel lacks that a program needs, when the verifier has refused it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* True, with what is lacking in words, if the verifier's log says that it is for that. */
bool lacks_by_log(const char *log, char *what, size_t n);

/* The same for what the verifier has no words for: tried by programs of a few instructions. */
bool lacks_by_trying(char *what, size_t n);
