/* SPDX-License-Identifier: BSD-2-Clause */
/* this-> variables are registers. */
this int64_t x; BEGIN { this->x = arg0; trace(this->x + this->x); }
