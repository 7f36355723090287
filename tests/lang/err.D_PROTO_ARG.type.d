/* SPDX-License-Identifier: BSD-2-Clause */
/* An argument of the wrong type. */

BEGIN { x = htons("text"); }
