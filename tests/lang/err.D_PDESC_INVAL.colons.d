/* SPDX-License-Identifier: BSD-2-Clause */
/* Too many fields. */

a:b:c:d:e { }
