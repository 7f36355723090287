/* SPDX-License-Identifier: BSD-2-Clause */
/* A condition that is no number. */

BEGIN
/*(struct task_struct *)curthread/
{ }
