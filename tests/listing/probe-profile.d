/* SPDX-License-Identifier: BSD-2-Clause */
/* profile-N is a program of a timer, which may find a record's ring full. */
profile-97 { @ = count(); }
