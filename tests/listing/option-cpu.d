/* SPDX-License-Identifier: BSD-2-Clause */
/* -x cpu: tests where it runs, in programs that the consumer does not run. */
#pragma D option cpu=0
profile-97 { @ = count(); }
