/* SPDX-License-Identifier: BSD-2-Clause */
/* A comment that nothing ends. */

BEGIN { }
/* never ended
