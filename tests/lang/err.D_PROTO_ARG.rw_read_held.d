/* SPDX-License-Identifier: BSD-2-Clause */
/* A mutex is no lock for readers and writers. */

BEGIN { trace(rw_read_held((struct mutex *)0)); }
