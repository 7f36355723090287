/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: printf("x"); commit(x); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { printf("x"); commit(x); }
