/* SPDX-License-Identifier: BSD-2-Clause */
/* For tst.texts.d: a text without clauses. */
int only_declared;
