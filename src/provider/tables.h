/* SPDX-License-Identifier: BSD-2-Clause */
/* The providers: one file and one line here each. */
#pragma once

#include "provider/provider.h"

extern const struct provider provider_dtrace, provider_ip, provider_tcp, provider_udp,
	provider_udplite, provider_profile, provider_fbt;
