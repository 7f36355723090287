/* SPDX-License-Identifier: BSD-2-Clause */
/* A string compared with a number. */

BEGIN
/execname == 5/
{ }
