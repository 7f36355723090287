/* SPDX-License-Identifier: BSD-2-Clause */
/* setopt() with a number as its value. */
BEGIN { setopt("aggsortpos", 1); }
