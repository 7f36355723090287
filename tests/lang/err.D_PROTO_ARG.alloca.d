/* SPDX-License-Identifier: BSD-2-Clause */
/* A size is a number. */

BEGIN { this->p = alloca("8"); }
