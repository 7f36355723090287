/* SPDX-License-Identifier: BSD-2-Clause */
/* An inline that uses itself. */

inline int X = X + 1;
BEGIN { exit(X); }
