/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capture files: pcap and pcapng, plain, gzip or zstd, told apart by their
 * content; several are merged by time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the file says of the interface; where it says nothing: "", no addresses. */
struct capture_address {
	uint8_t bytes[16];
	uint8_t version, prefix; /* of version 4: the first four bytes */
};

struct capture_interface {
	const char *name;
	uint16_t link_type; /* LINKTYPE_* of the registry at tcpdump.org */
	bool is_loopback;
	uint32_t zone; /* network namespace's inode, if dtrace wrote the file; else 0 */
	const struct capture_address *addresses;
	int naddresses;
};

enum frame_direction { FRAME_UNKNOWN, FRAME_IN, FRAME_OUT };

struct capture_frame {
	uint64_t time;	     /* ns since 1970 */
	const uint8_t *data; /* until the next call */
	uint32_t size;	     /* bytes at data */
	uint32_t length;     /* bytes that it had on the wire */
	enum frame_direction direction;
	const struct capture_interface *on;
	int32_t pid;	      /* whose it is, if dtrace wrote the file; else -1 */
	const char *execname; /* likewise; "" */
};

struct capture;

/* 0, or -errno with a message that names the file. "-": standard input. */
int capture_open(const char *const *files, int n, struct capture **out, char *why, size_t why_size);
void capture_close(struct capture *c); /* takes NULL */
enum capture_state {
	CAPTURE_PACKET,
	CAPTURE_WAIT /* none yet: a pipe's writer goes on */,
	CAPTURE_END
};
enum capture_state capture_next(struct capture *c, struct capture_frame *f);
/* After the last: what was wrong with a file (its name, the offset, the reason), i from 0; NULL:
 * nothing (more). */
const char *capture_problem(const struct capture *c, int i);
/* How many packets of file i are older than the one in front of them. *name NULL: there is no file
 * i.
 */
uint64_t capture_backwards(const struct capture *c, int i, const char **name);
/* Packets that the capture itself has lost, as its files say. */
uint64_t capture_lost(const struct capture *c);
