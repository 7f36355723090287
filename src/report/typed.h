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
