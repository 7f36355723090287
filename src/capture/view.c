/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/view.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view {
	struct capture_address *at;
	int n;
};

static bool matches(const struct capture_address *a, int version, const uint8_t *address)
{
	int whole = a->prefix / 8, rest = a->prefix % 8;

	if (a->version != version || memcmp(a->bytes, address, whole) != 0)
		return false;
	return !rest || (a->bytes[whole] ^ address[whole]) >> (8 - rest) == 0;
}

static bool any_matches(const struct capture_address *at, int n, int version,
			const uint8_t *address)
{
	for (int i = 0; i < n; i++)
		if (matches(&at[i], version, address))
			return true;
	return false;
}

/* "192.0.2.1", "2001:db8::/32". */
static bool parse(char *text, struct capture_address *a)
{
	char *slash = strchr(text, '/'), *end;
	unsigned long prefix;

	if (slash)
		*slash++ = '\0';
	*a = (struct capture_address){0};
	if (inet_pton(AF_INET, text, a->bytes) == 1)
		a->version = 4;
	else if (inet_pton(AF_INET6, text, a->bytes) == 1)
		a->version = 6;
	else
		return false;
	a->prefix = a->version == 4 ? 32 : 128;
	if (!slash)
		return true;
	prefix = strtoul(slash, &end, 10);
	if (*slash < '0' || *slash > '9' || *end || prefix > a->prefix)
		return false;
	a->prefix = prefix;
	return true;
}

struct view *view_new(const char *local, char *why, size_t why_size)
{
	struct view *v = calloc(1, sizeof(*v));
	char *copy = strdup(local ? local : ""), *next = copy, *word;

	snprintf(why, why_size, "not enough memory");
	if (v && copy)
		v->at = calloc(strlen(copy) + 1, sizeof(*v->at));
	if (!v || !copy || !v->at)
		goto fail;
	while (local && (word = strsep(&next, ",")))
		if (!parse(word, &v->at[v->n++])) {
			snprintf(why, why_size,
				 "-x local takes ADDRESS[/LENGTH], several with commas between "
				 "them, not '%s'",
				 local);
			goto fail;
		}
	free(copy);
	return v;
fail:
	free(copy);
	view_free(v);
	return NULL;
}

void view_free(struct view *v)
{
	if (v)
		free(v->at);
	free(v);
}

static bool is_local(const struct view *v, const struct capture_frame *f, int version,
		     const uint8_t *address)
{
	return any_matches(v->at, v->n, version, address) ||
	       any_matches(f->on->addresses, f->on->naddresses, version, address);
}

void view_of(const struct view *v, const struct capture_frame *f, const struct wire_packet *p,
	     bool *sent, bool *received)
{
	const uint8_t *from = p->ip + (p->version == 4 ? 12 : 8);

	*sent = p->direction != FRAME_IN;
	*received = p->direction != FRAME_OUT;
	if (p->direction != FRAME_UNKNOWN || !(v->n || f->on->naddresses))
		return;
	*sent = is_local(v, f, p->version, from);
	*received = is_local(v, f, p->version, from + (p->version == 4 ? 4 : 16));
}
