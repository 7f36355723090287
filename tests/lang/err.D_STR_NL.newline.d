/* SPDX-License-Identifier: BSD-2-Clause */
/* A string that its line does not end. */

BEGIN { printf("text); }
