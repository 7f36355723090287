/* SPDX-License-Identifier: BSD-2-Clause */
/* A path is a string. */

BEGIN { trace(json("[]", 0)); }
