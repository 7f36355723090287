/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions that DTrace has on other systems and this one has not, or not yet. */
#pragma once

/* Why, and what to use instead; NULL: no DTrace has one of that name. */
const char *builtin_absent(const char *name);
