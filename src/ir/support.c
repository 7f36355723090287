/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of support routines. It is empty while no routine is needed; the
 * order of the rows is the numbering of the routines.
 */
#include "ir/support.h"

const struct support_routine support_routines[] = {{0}};
const unsigned support_count;
