/* SPDX-License-Identifier: BSD-2-Clause */
/* An index beyond args[]. */

tcp:::send { trace(args[9]); }
