/* SPDX-License-Identifier: BSD-2-Clause */
/* The helpers that the machine has: what the kernel's do, for one thread in user space. */
#pragma once

#include "replay/code.h"

const struct helper *helper_find(int id); /* NULL: none of ours */
/* In the order of the table; false past the last. */
bool helper_at(int i, const struct helper **h);
