/* SPDX-License-Identifier: BSD-2-Clause */
/* A process is a number. */

BEGIN { trace(progenyof("init")); }
