/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms of output. */
#pragma once

#include <stdio.h>

#include "base/options.h"
#include "consume/form.h"

/* The one that option oformat names. */
struct form *report_form(const struct options *o, FILE *out);

/* DTrace's text. */
struct form *text_form(const struct options *o, FILE *out);
/* JSON, an object on each line. */
struct form *json_form(const struct options *o, FILE *out);
