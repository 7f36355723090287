/* SPDX-License-Identifier: BSD-2-Clause */
/* Values by their types, members and all: print(). Private to src/report/. */
#pragma once

#include "base/buf.h"
#include "report/json_write.h"
#include "types/type.h"

struct taking;

/* Of an action with one value, whatever form that travelled in. */
void typed_print_taken(const struct taking *t, struct buf *out);
void typed_json_taken(const struct taking *t, const char *name, struct json *j);

/* bytes: size of t at least, or a text of n bytes where t is a string. */
void typed_print(struct types *ts, struct type *t, const char *bytes, size_t n, struct buf *out);
void typed_json(struct types *ts, struct type *t, const char *bytes, size_t n, const char *name,
		struct json *j);
