/* SPDX-License-Identifier: BSD-2-Clause */
/* Assignment to an inline. */

inline int X = 5;
BEGIN { X = 6; }
