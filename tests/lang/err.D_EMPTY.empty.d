/* SPDX-License-Identifier: BSD-2-Clause */
/* A script without a clause. */

/* nothing */
