/* SPDX-License-Identifier: BSD-2-Clause */
/* copyinto() needs three arguments. */

BEGIN { copyinto(0, 8); }
