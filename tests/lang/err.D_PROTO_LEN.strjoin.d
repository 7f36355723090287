/* SPDX-License-Identifier: BSD-2-Clause */
/* Two strings are joined. */

BEGIN { trace(strjoin("a")); }
