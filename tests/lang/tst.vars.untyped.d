/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables that are declared without a type are what is assigned to them first. */
#pragma D option quiet

self x;
this y, z;

BEGIN { printf("%d\n", self->x); }
BEGIN { self->x = 5; this->y = "text"; this->z = curthread; }
BEGIN { printf("%d %s %d\n", self->x, this->y, this->z->tgid == pid); exit(0); }
