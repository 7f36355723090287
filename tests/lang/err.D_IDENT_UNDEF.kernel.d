/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable that the kernel has not. */
BEGIN { trace(`no_such_variable_anywhere); }
