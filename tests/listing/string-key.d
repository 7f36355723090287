/* SPDX-License-Identifier: BSD-2-Clause */
/* A string as a key. */
BEGIN { @[probename] = count(); }
