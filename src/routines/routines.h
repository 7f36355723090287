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
	ROUTINE_TEXT_CASE,
	ROUTINE_TEXT_COMPARE,
	ROUTINE_TEXT_DIGITS,
	ROUTINE_TEXT_FIND,
	ROUTINE_TEXT_LENGTH,
	ROUTINE_TEXT_NUMBER,
	ROUTINE_TEXT_PART,
	ROUTINE_TEXT_PATH,
	ROUTINE_USER_STACK,
	ROUTINES,
};
