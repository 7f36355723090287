/* SPDX-License-Identifier: BSD-2-Clause */
/* And live from clause to clause. */
this int64_t x; BEGIN { this->x = arg0; } BEGIN { trace(this->x); }
