/* SPDX-License-Identifier: BSD-2-Clause */
/* A function of DTrace that Linux has no use for. */
BEGIN { x = msgsize(0); }
