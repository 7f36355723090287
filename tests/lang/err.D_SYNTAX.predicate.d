/* SPDX-License-Identifier: BSD-2-Clause */
/* A predicate that nothing ends. */

BEGIN
/pid == 1
{ }
