/* SPDX-License-Identifier: BSD-2-Clause */
/* A base is one from 2 to 36. */

BEGIN { trace(strtoll("5", 1)); }
