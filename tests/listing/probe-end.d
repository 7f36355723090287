/* SPDX-License-Identifier: BSD-2-Clause */
/* END runs after exit(). */
END { trace(1); }
