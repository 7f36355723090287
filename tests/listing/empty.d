/* SPDX-License-Identifier: BSD-2-Clause */
/* A clause that does nothing has a record of its probe alone. */
BEGIN { ; }
