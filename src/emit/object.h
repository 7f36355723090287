/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects: what a hook has of an event, as code can ask for it.  What kinds there
 * are is source/'s; here is what all of them have.
 */
#pragma once

#include "emit/place.h"

struct emit;

/* What clauses need of an event, found in the tree before code is made. */
enum {
	NEED_COOKIE = 1 << 0,	  /* of the socket */
	NEED_EXPECTED = 1 << 1,	  /* the sequence number that was expected (tcp_next.c) */
	NEED_RETRANSMIT = 1 << 2, /* whether a segment on its way out was sent before */
	NEED_TIME = 1 << 3,	  /* of the firing */
	NEED_OWNER = 1 << 4,	  /* of the socket: its process */
	NEED_SUBJECT = 1 << 8,	  /* the process that the event is about: its name or number */
};

/* Headers of a packet, and how much of each. */
enum header { HEADER_NONE, HEADER_IP, HEADER_L4, HEADERS };

struct needs {
	unsigned bits;
	uint32_t bytes[HEADERS];
	int timed; /* clauses that ask for the time */
};

struct source_member {
	const char *name;
	void (*code)(struct emit *e, const struct object *o, struct value *out);
	enum rep rep;	    /* of a string */
	unsigned needs;	    /* bits */
	enum header header; /* it points into this one */
};

struct object_source {
	const char *tag;		     /* of the struct that dlib/ declares */
	const struct source_member *members; /* ends with name NULL */
	/* Takes the object along into the next program of a firing: emit_carry_…() for all that it
	 * knows, the context for the rest. */
	void (*carry)(struct emit *e, struct object *o);
	uint32_t size; /* of its struct */
	/* One that is a number, as D sees it, has no members. NULL: it has. */
	void (*value)(struct emit *e, const struct object *o, struct value *out);
};

struct object {
	const struct object_source *source;
	enum nonnull nonnull;
	int null_reg; /* as in struct value */
	int64_t null_eq;
};
