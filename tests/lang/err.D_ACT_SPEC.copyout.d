/* SPDX-License-Identifier: BSD-2-Clause */
/* copyout() behind speculate(). */
#pragma D option destructive
BEGIN { speculate(1); copyout(curthread, 1, 1); }
