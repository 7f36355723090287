/* SPDX-License-Identifier: BSD-2-Clause */
/* Ctrl-C and its like as an event to wait for. */
#pragma once

/*
 * From now on the first SIGINT, SIGTERM and SIGHUP each make the descriptor
 * returned readable; a second one of the same kind ends the process at once,
 * whatever it is stuck in. Signals that were ignored stay so (nohup). -errno if
 * it cannot be had. To be called once.
 */
int interrupt_open(void);
