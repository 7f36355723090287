/* SPDX-License-Identifier: BSD-2-Clause */
/* All sources, one line each. */
#include <string.h>

#include "source/drop.h"
#include "source/kept_connection.h"
#include "source/no_socket.h"
#include "source/packet.h"
#include "source/skb_socket.h"
#include "source/tcp_socket.h"
#include "source/udp_socket.h"

static const struct object_source *const sources[] = {
	&source_skb_packet,	 &source_drop,	     &source_kept_packet,
	&source_no_packet,	 &source_tcp_socket, &source_no_socket,
	&source_kept_connection, &source_udp_socket, &source_skb_socket,
};

#define NSOURCES (sizeof(sources) / sizeof(*sources))

const struct object_source *source_at(int i)
{
	return i < (int)NSOURCES ? sources[i] : NULL;
}

const struct source_member *source_member(const struct object_source *s, const char *name)
{
	for (const struct source_member *m = s->members; m->name; m++)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

const struct source_member *source_member_of(const char *tag, const char *name)
{
	for (size_t i = 0; i < NSOURCES; i++)
		if (!strcmp(sources[i]->tag, tag))
			return source_member(sources[i], name);
	return NULL;
}

void source_value(struct emit *e, const struct object *o, struct value *out)
{
	if (o->source->value) {
		o->source->value(e, o, out);
		return;
	}
	*out = (struct value){
		.kind = VALUE_OBJECT,
		.object = o,
		.nonnull = o->nonnull,
		.null_reg = o->null_reg,
		.null_eq = o->null_eq,
	};
}
