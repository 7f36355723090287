/* SPDX-License-Identifier: BSD-2-Clause */
/* A call of an unknown function. */

BEGIN { nosuch(1); }
