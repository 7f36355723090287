/* SPDX-License-Identifier: BSD-2-Clause */
/* inet_ntop of an unknown family. */

BEGIN { s = inet_ntop(99, (int *)8); }
