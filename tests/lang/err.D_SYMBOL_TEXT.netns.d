/* SPDX-License-Identifier: BSD-2-Clause */
/* The name of a namespace is made where it is printed: it has no order before. */

BEGIN /netns_name(1) < "b"/ { }
