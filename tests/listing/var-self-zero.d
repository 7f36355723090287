/* SPDX-License-Identifier: BSD-2-Clause */
/* Assigning 0 removes the element. */
BEGIN { self->x = 1; self->x = 0; }
