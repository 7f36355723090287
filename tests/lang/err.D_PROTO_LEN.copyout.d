/* SPDX-License-Identifier: BSD-2-Clause */
/* copyout(1, 2) */
#pragma D option destructive
BEGIN { copyout(1, 2); }
