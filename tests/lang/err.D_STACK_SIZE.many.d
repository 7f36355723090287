/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: stack(513); */
BEGIN { stack(513); }
