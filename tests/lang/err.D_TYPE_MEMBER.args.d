/* SPDX-License-Identifier: BSD-2-Clause */
/* A member that an argument does not have. */

tcp:::send { trace(args[2]->nosuch); }
