/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sources: the kinds of object that a hook can have.
 *
 * A way to fire (provider/provider.h) fills the struct of a source, which
 * begins with a struct object, and hands objects on as the probe's arguments.
 * What a translator reads of one is a member: its code gets it from the object
 * at hand, so members in use alone cost anything.  Several sources may offer one
 * struct of dlib/: one translator then serves them all.
 */
#pragma once

#include "emit/emit.h"
#include "emit/object.h"

/* A member by name; NULL if there is none. */
const struct source_member *source_member(const struct object_source *s, const char *name);
/* The same for whoever offers the struct: what is asked before an object is at hand. NULL for
 * structs of no source. */
const struct source_member *source_member_of(const char *tag, const char *name);
const struct object_source *source_at(int i); /* NULL past the last */

/* The object as the value of an argument. */
void source_value(struct emit *e, const struct object *o, struct value *out);
