/* SPDX-License-Identifier: BSD-2-Clause */
/* A character that is not of the language. */

BEGIN { x = 1 \ 2; }
