/* SPDX-License-Identifier: BSD-2-Clause */
/* The basic types and the typedefs that every D program has. Tables only, LP64; included by types.c
 * alone. */
#pragma once

#include "types/private.h"

struct basic {
	const char *name;
	enum type_kind kind;
	uint8_t size;
	bool is_signed, is_char;
};

/* clang-format off */
static const struct basic basics[] = {
	{ "void",               TYPE_VOID,   0, false, false },
	{ "char",               TYPE_INT,    1, true,  true  },
	{ "signed char",        TYPE_INT,    1, true,  true  },
	{ "unsigned char",      TYPE_INT,    1, false, false },
	{ "short",              TYPE_INT,    2, true,  false },
	{ "unsigned short",     TYPE_INT,    2, false, false },
	{ "int",                TYPE_INT,    4, true,  false },
	{ "unsigned int",       TYPE_INT,    4, false, false },
	{ "long",               TYPE_INT,    8, true,  false },
	{ "unsigned long",      TYPE_INT,    8, false, false },
	{ "long long",          TYPE_INT,    8, true,  false },
	{ "unsigned long long", TYPE_INT,    8, false, false },
	{ "_Bool",              TYPE_INT,    1, false, false },
	{ "float",              TYPE_FLOAT,  4, true,  false },
	{ "double",             TYPE_FLOAT,  8, true,  false },
	{ "string",             TYPE_STRING, 0, false, false }, /* STRING_SIZE */
};

struct predefined {
	const char *name, *is;
	bool pointer; /* to is */
};

/* D itself has these: a program can't have others under the names. */
static const struct predefined own_typedefs[] = {
	{ "int8_t", "signed char" },
	{ "int16_t", "short" },
	{ "int32_t", "int" },
	{ "int64_t", "long long" },
	{ "uint8_t", "unsigned char" },
	{ "uint16_t", "unsigned short" },
	{ "uint32_t", "unsigned int" },
	{ "uint64_t", "unsigned long long" },
	{ "intptr_t", "long" },
	{ "uintptr_t", "unsigned long" },
	{ "size_t", "unsigned long" },
	{ "ssize_t", "long" },
	{ "ptrdiff_t", "long" },
	{ "uchar_t", "unsigned char" },
	{ "ushort_t", "unsigned short" },
	{ "uint_t", "unsigned int" },
	{ "ulong_t", "unsigned long" },
	{ "longlong_t", "long long" },
	{ "u_longlong_t", "unsigned long long" },
	{ "pid_t", "int" },
};

/* Scripts find these in headers or the kernel of their system; a program's own definition wins. */
static const struct predefined system_typedefs[] = {
	{ "intmax_t", "long" },
	{ "uintmax_t", "unsigned long" },
	{ "u_int8_t", "unsigned char" },
	{ "u_int16_t", "unsigned short" },
	{ "u_int32_t", "unsigned int" },
	{ "u_int64_t", "unsigned long" },
	{ "u_char", "unsigned char" },
	{ "u_short", "unsigned short" },
	{ "u_int", "unsigned int" },
	{ "u_long", "unsigned long" },
	{ "ushort", "unsigned short" },
	{ "uint", "unsigned int" },
	{ "ulong", "unsigned long" },
	{ "caddr_t", "char", true },
	{ "boolean_t", "int" },
	{ "bool", "_Bool" },
	{ "hrtime_t", "long long" },
	{ "time_t", "long" },
	{ "clock_t", "long" },
	{ "suseconds_t", "long" },
	{ "useconds_t", "unsigned int" },
	{ "off_t", "long" },
	{ "offset_t", "long long" },
	{ "loff_t", "long long" },
	{ "daddr_t", "long" },
	{ "blkcnt_t", "long" },
	{ "blksize_t", "long" },
	{ "dev_t", "unsigned long" },
	{ "major_t", "unsigned int" },
	{ "minor_t", "unsigned int" },
	{ "ino_t", "unsigned long" },
	{ "mode_t", "unsigned int" },
	{ "nlink_t", "unsigned int" },
	{ "uid_t", "unsigned int" },
	{ "gid_t", "unsigned int" },
	{ "key_t", "int" },
	{ "id_t", "int" },
	{ "tid_t", "int" },
	{ "lwpid_t", "int" },
	{ "zoneid_t", "unsigned int" },
	{ "projid_t", "int" },
	{ "taskid_t", "int" },
	{ "poolid_t", "int" },
	{ "psetid_t", "int" },
	{ "ctid_t", "int" },
	{ "processorid_t", "int" },
	{ "chipid_t", "int" },
	{ "lgrp_id_t", "int" },
	{ "pri_t", "short" },
	{ "cpu_flag_t", "unsigned short" },
	{ "netstackid_t", "unsigned int" },
	{ "datalink_id_t", "unsigned int" },
	{ "in_addr_t", "unsigned int" },
	{ "ipaddr_t", "unsigned int" },
	{ "in_port_t", "unsigned short" },
	{ "sa_family_t", "unsigned short" },
	{ "socklen_t", "unsigned int" },
	{ "register_t", "long" },
	{ "vm_offset_t", "unsigned long" },
	{ "wchar_t", "int" },
	{ "__builtin_va_list", "char", true },
};
/* clang-format on */

_Static_assert(sizeof(basics) / sizeof(basics[0]) == BASIC_COUNT, "BASIC_COUNT");
