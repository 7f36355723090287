/* SPDX-License-Identifier: BSD-2-Clause */
/* No body: the probe's line. */
BEGIN
