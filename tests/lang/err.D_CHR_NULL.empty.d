/* SPDX-License-Identifier: BSD-2-Clause */
/* An empty character constant. */

BEGIN { x = ''; }
