/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture as what makes a machine's programs run: its packets, and its time. */
#pragma once

#include "base/options.h"
#include "replay/replay_impl.h"

struct feed;

/* Bytes of the machine's memory for it. */
uint64_t feed_room(void);
/* 0, or -errno with a message. The memory is taken from the machine's. */
int feed_open(struct replay *r, const struct options *o, char *why, size_t n);
void feed_close(struct feed *f); /* takes NULL */
/* The capture's time: before the first packet that of it. */
uint64_t feed_now(const struct feed *f);
/* Fires for packets up to a time, but not for ever: others have something to do too. Behind the
 * last packet tracing ends. */
void feed_run(struct replay *r, uint64_t until);
/* There are records that must be consumed before the next packet. */
bool feed_filling(const struct replay *r);
/* After the last packet: what there is to say, from i = 0 on; NULL: nothing (more). *failed: it
 * could not all be traced. */
const char *feed_remark(struct feed *f, int i, bool *failed);
