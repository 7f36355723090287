/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread-local variable that is never assigned. */

BEGIN { printf("%d", self->nosuch); }
