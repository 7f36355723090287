/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of a string that substr() gives, from its length, an index that counts
 * from the end if it is below 0, and a number of bytes: below 0, so many are left
 * off at the end.  size: bytes of a string at most.
 */
#include "routines/text.h"

void text_part(struct text_work *work, int64_t length, int64_t index, int64_t count, int64_t size)
{
	if (index < 0) {
		index += length;
		if (index < 0 && index + count > 0) {
			count += index;
			index = 0;
		}
	}
	if (index >= length || index < 0)
		index = count = 0;
	else if (count < 0)
		count += length - index;
	else if (count > size - index)
		count = size - index;
	if (count > length - index)
		count = length - index;
	work->from = (uint64_t)index;
	work->n = count < 0 ? 0 : (uint64_t)count;
}
