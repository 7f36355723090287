/* SPDX-License-Identifier: BSD-2-Clause */
/* A number is no string: lltostr() makes one. */

BEGIN { trace(strjoin("a", 1)); }
