/* SPDX-License-Identifier: BSD-2-Clause */
/* A format that ends in a %. */

BEGIN { printf("100%"); }
