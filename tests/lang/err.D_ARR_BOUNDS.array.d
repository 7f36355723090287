/* SPDX-License-Identifier: BSD-2-Clause */
/* An index beyond an array. */

BEGIN { x = curthread->comm[16]; }
