/* SPDX-License-Identifier: BSD-2-Clause */
/* A member that a kernel struct does not have. */

BEGIN { printf("%d", curthread->nosuch); }
