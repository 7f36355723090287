/* SPDX-License-Identifier: BSD-2-Clause */
/* setopt() of nothing. */
BEGIN { setopt(); }
