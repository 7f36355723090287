/* SPDX-License-Identifier: BSD-2-Clause */
/* The time is taken once where two clauses ask for it. */
BEGIN { trace(timestamp); }
BEGIN { trace(timestamp); }
