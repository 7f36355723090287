/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON text, value after value. Names are given to members of objects (identifiers
 * alone: they are written as they are) and are NULL elsewhere. Numbers keep their 64 bits. Private
 * to src/report/.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct json {
	struct buf *out;
	bool follows; /* a value stands before the next one in its object or array */
};

void json_open(struct json *j, const char *name, char bracket); /* '{' or '[' */
void json_close(struct json *j, char bracket);			/* '}' or ']' */
void json_signed(struct json *j, const char *name, int64_t n);
void json_unsigned(struct json *j, const char *name, uint64_t n);
void json_real(struct json *j, const char *name, double n); /* null, if JSON has no such number */
/* What is no UTF-8 is replaced by U+FFFD, byte for byte. */
void json_string(struct json *j, const char *name, const char *s, size_t n);
void json_text(struct json *j, const char *name, const char *s);
/* Members that were written before, by another json. */
void json_raw_members(struct json *j, const char *members, size_t n);
void json_hex(struct json *j, const char *name, const char *bytes, size_t n); /* a string */

bool json_is_utf8(const char *s, size_t n);
