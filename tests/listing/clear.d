/* SPDX-License-Identifier: BSD-2-Clause */
/* clear() and trunc() too. */
BEGIN { @a = count(); clear(@a); trunc(@a, 1); }
