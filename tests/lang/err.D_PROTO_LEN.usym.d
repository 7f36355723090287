/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: usym(); */
BEGIN { usym(); }
