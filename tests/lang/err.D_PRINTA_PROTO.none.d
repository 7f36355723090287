/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing at all. */

BEGIN { printa(); }
