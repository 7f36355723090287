/* SPDX-License-Identifier: BSD-2-Clause */
/* count() without a key: one atomic addition. */
BEGIN { @ = count(); }
