/* SPDX-License-Identifier: BSD-2-Clause */
/* A device is a number. */

BEGIN { trace(getmajor("sda")); }
