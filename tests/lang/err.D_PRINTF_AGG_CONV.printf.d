/* SPDX-License-Identifier: BSD-2-Clause */
/* %@d in printf. */

BEGIN { printf("%@d", 1); }
