/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes of other systems that there are not here, and what serves instead. */
#include <fnmatch.h>
#include <string.h>

#include "provider/provider.h"

/* clang-format off */
static const struct {
	const char *provider, *name, *instead;
} rows[] = {
	{ "sctp", "*", "Linux's SCTP has no stable probes: ip:::send and ip:::receive show its packets "
	               "(args[4]->ipv4_protocol == IPPROTO_SCTP), ip:::drop-in what is dropped" },
	{ "tcp", "debug-drop", "tcp:::drop tells of dropped segments, with the reason in args[6]" },
	{ "tcp", "debug-input", "tcp:::receive has the segment and the connection's state before it" },
	{ "tcp", "debug-output", "tcp:::send has the segment and the connection's state" },
	{ "tcp", "siftr", "tcp:::send and tcp:::receive have in args[3] what siftr logs: "
	                  "tcps_cwnd, tcps_cwnd_ssthresh, tcps_srtt, tcps_rto and more" },
};
/* clang-format on */

const char *provider_instead(const char *provider, const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(provider, rows[i].provider) && !fnmatch(rows[i].name, name, 0))
			return rows[i].instead;
	return NULL;
}
