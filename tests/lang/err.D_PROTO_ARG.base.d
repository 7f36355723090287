/* SPDX-License-Identifier: BSD-2-Clause */
/* A base is one from 2 to 36. */

BEGIN { trace(lltostr(5, 37)); }
