/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Large scripts out of a few lines, by dtrace -C: HUNDRED(X, n) is X(n00) to
 * X(n99), THOUSAND(X, n) X(n000) to X(n999). HUNDRED_BLOCKS is HUNDRED for an X
 * with a HUNDRED of its own. n does not begin with 0: the numbers would be octal.
 */
#define TEN(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7) X(n##8) X(n##9)
#define HUNDRED(X, n)                                                                              \
	TEN(X, n##0)                                                                               \
	TEN(X, n##1) TEN(X, n##2) TEN(X, n##3) TEN(X, n##4) TEN(X, n##5) TEN(X, n##6) TEN(X, n##7) \
		TEN(X, n##8) TEN(X, n##9)
#define THOUSAND(X, n)                                                                             \
	HUNDRED(X, n##0)                                                                           \
	HUNDRED(X, n##1) HUNDRED(X, n##2) HUNDRED(X, n##3) HUNDRED(X, n##4) HUNDRED(X, n##5)       \
		HUNDRED(X, n##6) HUNDRED(X, n##7) HUNDRED(X, n##8) HUNDRED(X, n##9)

#define TEN_BLOCKS(X, n)                                                                           \
	X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7) X(n##8) X(n##9)
#define HUNDRED_BLOCKS(X, n)                                                                       \
	TEN_BLOCKS(X, n##0)                                                                        \
	TEN_BLOCKS(X, n##1) TEN_BLOCKS(X, n##2) TEN_BLOCKS(X, n##3) TEN_BLOCKS(X, n##4)            \
		TEN_BLOCKS(X, n##5) TEN_BLOCKS(X, n##6) TEN_BLOCKS(X, n##7) TEN_BLOCKS(X, n##8)    \
			TEN_BLOCKS(X, n##9)

/* The numbers n0 to n9, five at a time. */
#define FIVES(X, n) X(n##0, n##1, n##2, n##3, n##4) X(n##5, n##6, n##7, n##8, n##9)
