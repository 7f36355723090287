/* SPDX-License-Identifier: BSD-2-Clause */
/* tracemem with a size that is no constant. */

BEGIN { tracemem(curthread, pid); }
