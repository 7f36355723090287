/* SPDX-License-Identifier: BSD-2-Clause */
/* A number has no upper case. */

BEGIN { trace(toupper(5)); }
