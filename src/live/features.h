/* SPDX-License-Identifier: BSD-2-Clause */
/* What this kernel and this process can do, found by trying; never by version. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "program/program.h"

/* Capabilities as bits of one word. */
uint64_t features_capabilities(void); /* the effective ones of this process */
uint64_t features_needed(const struct program *p);
/* 0, or -EPERM with why naming those of needed that are not in have. */
int features_check_capabilities(uint64_t needed, uint64_t have, char *why, size_t n);

/* cgroup.c: a directory descriptor of the root of cgroup v2, or -errno with why in words. */
int features_cgroup_root(char *why, size_t n);

/* The kernel is one with PREEMPT_RT: softirqs and memory's refill are threads. */
bool features_realtime(void);
/* The same from `uname -v`. */
bool features_realtime_version(const char *version);
