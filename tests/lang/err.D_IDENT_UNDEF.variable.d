/* SPDX-License-Identifier: BSD-2-Clause */
/* A name that nothing defines. */

BEGIN { printf("%d", nosuch); }
