/* SPDX-License-Identifier: BSD-2-Clause */
/* The CPUs of this machine. */
#pragma once

#include <stdbool.h>

/* How many there can be: numbers of CPUs are below that. */
int cpus_possible(void);
/* online[cpu] of each of the first n; all of them where the kernel does not say. */
void cpus_online(bool *online, int n);
/* The same from a list as the kernel writes it: "0-3,8". */
void cpus_list(const char *list, bool *online, int n);
