/* SPDX-License-Identifier: BSD-2-Clause */
/* self-> variables are elements by thread. */
BEGIN { self->x = 1; trace(self->x); }
