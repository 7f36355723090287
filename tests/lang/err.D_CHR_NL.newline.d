/* SPDX-License-Identifier: BSD-2-Clause */
/* A character constant that its line does not end. */

BEGIN { x = 'a; }
