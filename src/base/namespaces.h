/* SPDX-License-Identifier: BSD-2-Clause */
/* The network namespaces that have names, as `ip netns` gives them: files in a directory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define NAMESPACES "/run/netns"

struct namespaces;

struct namespaces *namespaces_open(struct arena *a, const char *directory);
/* Of several names the first in the alphabet; NULL: none. Good until the next call. */
const char *namespaces_name(struct namespaces *ns, uint64_t inode);
/* The inode of the namespace with this name. */
bool namespaces_inode(struct namespaces *ns, const char *name, uint64_t *inode);
