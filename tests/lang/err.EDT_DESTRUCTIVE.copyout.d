/* SPDX-License-Identifier: BSD-2-Clause */
/* copyout() without -w. */
BEGIN { copyout(curthread, 1, 1); }
