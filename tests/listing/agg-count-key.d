/* SPDX-License-Identifier: BSD-2-Clause */
/* With a key: look up, else insert. */
BEGIN { @[1] = count(); }
