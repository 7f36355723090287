/* SPDX-License-Identifier: BSD-2-Clause */
/* exit() takes a number. */

BEGIN { exit("now"); }
