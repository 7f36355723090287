/* SPDX-License-Identifier: BSD-2-Clause */
/* printa() is the consumer's work. */
BEGIN { @a[1] = count(); printa(@a); }
