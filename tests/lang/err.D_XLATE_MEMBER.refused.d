/* SPDX-License-Identifier: BSD-2-Clause */
/* A member that its translator refuses. */

tcp:::send { trace(args[3]->tcps_dupacks); }
