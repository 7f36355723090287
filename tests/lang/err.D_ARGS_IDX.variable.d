/* SPDX-License-Identifier: BSD-2-Clause */
/* args[] with an index that is no constant. */

tcp:::send { trace(args[pid]); }
