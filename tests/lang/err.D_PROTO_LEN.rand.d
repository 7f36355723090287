/* SPDX-License-Identifier: BSD-2-Clause */
/* rand() takes nothing. */

BEGIN { trace(rand(5)); }
