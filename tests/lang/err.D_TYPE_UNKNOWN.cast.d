/* SPDX-License-Identifier: BSD-2-Clause */
/* A type that does not exist. */

BEGIN { x = (struct nosuch *)0; printf("%d", x->a); }
