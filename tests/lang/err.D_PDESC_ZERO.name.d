/* SPDX-License-Identifier: BSD-2-Clause */
/* A probe that its provider does not have. */

tcp:::nosuch { }
