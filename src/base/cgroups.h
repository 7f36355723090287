/* SPDX-License-Identifier: BSD-2-Clause */
/* The cgroups of the v2 hierarchy by their ids, as they are when they are asked for. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct cgroups;

/* Never NULL: a hierarchy that no mount shows has no paths. */
struct cgroups *cgroups_open(struct arena *a);
/*
 * "/system.slice/ssh.service": the path below the root of this process's cgroup
 * namespace; NULL where there is no such cgroup. One that has been asked for once keeps its path.
 */
const char *cgroups_path(struct cgroups *c, uint64_t id);
/* The id of the cgroup with this path. */
bool cgroups_id(const char *path, uint64_t *id);
