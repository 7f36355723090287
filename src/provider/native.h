/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Native objects: what a hook knows of a packet and a socket, as the structs
 * that dlib/net.d declares.  Their members have no memory: each row's code says
 * how to get one from the event at hand, and only members in use cost anything.
 */
#pragma once

#include "codegen/cg.h"

struct native_member {
	const char *name;
	void (*code)(struct codegen *cg, struct value *out);
	enum rep rep; /* of a string member */
};

struct native {
	const char *tag;		     /* of the D struct */
	const struct native_member *members; /* ends with name NULL */
};

const struct native *native_find(const char *tag);
const struct native_member *native_member(const struct native *n, const char *name);

/* The objects as values of arguments. */
void native_packet(struct codegen *cg, struct value *out);
void native_socket(struct value *out);
