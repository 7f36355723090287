/* SPDX-License-Identifier: BSD-2-Clause */
/* What was never assigned is 0. */
int64_t a[int]; BEGIN { trace(a[7]); }
