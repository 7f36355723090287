/* SPDX-License-Identifier: BSD-2-Clause */
/* A spin lock of Linux does not say who holds it. */

BEGIN { trace((uint64_t)mutex_owner(&curthread->alloc_lock)); }
