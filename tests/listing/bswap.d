/* SPDX-License-Identifier: BSD-2-Clause */
/* htons() and ntohll() are single operations. */
BEGIN { trace(htons(arg0)); trace(ntohll(arg1)); }
