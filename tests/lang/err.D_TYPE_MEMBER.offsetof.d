/* SPDX-License-Identifier: BSD-2-Clause */
/* offsetof of a member that is not there. */

BEGIN { x = offsetof(struct task_struct, nosuch); }
