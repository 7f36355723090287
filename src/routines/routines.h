/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of the support routines: each is a function of src/routines/, named as
 * here in lower case without ROUTINE_. The build stops where the two disagree.
 */
#pragma once

enum routine {
	ROUTINE_ADDR_TEXT,
	ROUTINE_MACVLAN_OF,
	ROUTINE_TCP_CLOSING,
	ROUTINE_TCP_FIN_WAIT,
	ROUTINE_TCP_NEXT,
	ROUTINE_TCP_REFUSED,
	ROUTINE_USER_STACK,
	ROUTINES,
};
