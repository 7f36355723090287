/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: @[stack(3)] = count(); @[stack(4)] = count(); */
BEGIN { @[stack(3)] = count(); @[stack(4)] = count(); }
