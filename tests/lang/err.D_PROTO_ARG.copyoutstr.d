/* SPDX-License-Identifier: BSD-2-Clause */
/* copyoutstr(1, 2, 3) */
#pragma D option destructive
BEGIN { copyoutstr(1, 2, 3); }
