/* SPDX-License-Identifier: BSD-2-Clause */
/* Comments, empty statements, a #! line would come first; odd layout. */
#pragma D option quiet

/* a comment
 * of several lines // with another in it
 */
BEGIN /* between */ { ; ; printf("a\n"); ; } // behind
BEGIN{printf("b\n");}BEGIN{printf("%s\n","/* no comment */ // nor this")}
BEGIN
/1/* comment in a predicate *//
{ { printf("block\n"); { printf("in block\n"); } } exit(0) }
