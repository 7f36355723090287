/* SPDX-License-Identifier: BSD-2-Clause */
/* The ends of the integer types' ranges (LP64), and the kinds of faults that dtrace:::ERROR tells in arg4. */

inline int CHAR_BIT = 8;
inline int CHAR_MIN = -128;
inline int CHAR_MAX = 127;
inline int SCHAR_MIN = -128;
inline int SCHAR_MAX = 127;
inline int UCHAR_MAX = 255;
inline int SHRT_MIN = -32768;
inline int SHRT_MAX = 32767;
inline int USHRT_MAX = 65535;
inline int INT_MIN = -2147483647 - 1;
inline int INT_MAX = 2147483647;
inline unsigned int UINT_MAX = 4294967295;
inline long LONG_MIN = -9223372036854775807 - 1;
inline long LONG_MAX = 9223372036854775807;
inline unsigned long ULONG_MAX = 18446744073709551615;
inline long long LLONG_MIN = -9223372036854775807 - 1;
inline long long LLONG_MAX = 9223372036854775807;
inline unsigned long long ULLONG_MAX = 18446744073709551615;

inline int8_t INT8_MIN = -127 - 1;
inline int8_t INT8_MAX = 127;
inline uint8_t UINT8_MAX = 255;
inline int16_t INT16_MIN = -32767 - 1;
inline int16_t INT16_MAX = 32767;
inline uint16_t UINT16_MAX = 65535;
inline int32_t INT32_MIN = -2147483647 - 1;
inline int32_t INT32_MAX = 2147483647;
inline uint32_t UINT32_MAX = 4294967295;
inline int64_t INT64_MIN = -9223372036854775807 - 1;
inline int64_t INT64_MAX = 9223372036854775807;
inline uint64_t UINT64_MAX = 18446744073709551615;

inline int DTRACEFLT_UNKNOWN = 0;
inline int DTRACEFLT_BADADDR = 1;
inline int DTRACEFLT_BADALIGN = 2;
inline int DTRACEFLT_ILLOP = 3;
inline int DTRACEFLT_DIVZERO = 4;
inline int DTRACEFLT_NOSCRATCH = 5;
inline int DTRACEFLT_KPRIV = 6;
inline int DTRACEFLT_UPRIV = 7;
inline int DTRACEFLT_TUPOFLOW = 8;
inline int DTRACEFLT_BADSTACK = 9;
