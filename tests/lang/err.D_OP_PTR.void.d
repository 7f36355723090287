/* SPDX-License-Identifier: BSD-2-Clause */
/* * on a void pointer. */

BEGIN { printf("%d", *(void *)8); }
