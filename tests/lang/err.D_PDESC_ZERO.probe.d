/* SPDX-License-Identifier: BSD-2-Clause */
/* A probe that does not exist. */

nosuch:::probe { }
