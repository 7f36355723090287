/* SPDX-License-Identifier: BSD-2-Clause */
/* A task is no mutex. */

BEGIN { trace(mutex_owned(curthread)); }
