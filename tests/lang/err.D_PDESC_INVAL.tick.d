/* SPDX-License-Identifier: BSD-2-Clause */
/* A tick of an unknown unit. */

tick-5parsecs { }
