/* SPDX-License-Identifier: BSD-2-Clause */
/* The name of a place is made where it is printed: it has no order before. */

tcp:::drop /args[6]->drop_symbol < "tcp_v4_rcv"/ { }
