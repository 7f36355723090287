/* SPDX-License-Identifier: BSD-2-Clause */
/* An expression as D writes it. */
#pragma once

#include "base/buf.h"
#include "tree/tree.h"

/* Constants appear folded, as the checker left them. */
void node_print(const struct node *n, struct buf *out);
