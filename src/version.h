/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/* -V; with verbose also what there is to stand on: kernel, BTF, cgroup v2, libbpf. */
void version_print(bool verbose, FILE *out);
