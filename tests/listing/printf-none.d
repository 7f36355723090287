/* SPDX-License-Identifier: BSD-2-Clause */
/* A printf without values. */
BEGIN { printf("hello\\n"); }
