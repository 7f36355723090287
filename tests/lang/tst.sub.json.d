/* SPDX-License-Identifier: BSD-2-Clause */
/* Values are given as they stand, strings without quotes and with their escapes. */
#pragma D option quiet

BEGIN
{
	o = "{\"a\": 1, \"b\" : {\"c\": \"x y\", \"a\": [10, \"two\", {\"d\": true}]}, \"n\": null, \"e\": \"q\\\"r\\u00e9\"}";
	printf("<%s>\n", json(o, "a"));
	printf("<%s>\n", json(o, "b.c"));
	printf("<%s>\n", json(o, "b.a[0]"));
	printf("<%s>\n", json(o, "b.a[1]"));
	printf("<%s>\n", json(o, "b.a[2]"));
	printf("<%s>\n", json(o, "b.a[2].d"));
	printf("<%s>\n", json(o, "b.a"));
	printf("<%s>\n", json(o, "n"));
	printf("<%s>\n", json(o, "e"));
	printf("<%s>\n", json(o, "b.a[3]"));
	printf("<%s>\n", json(o, "b.a[-1]"));
	printf("<%s>\n", json(o, "b.a.x"));
	printf("<%s>\n", json(o, "a.x"));
	printf("<%s>\n", json(o, "c"));
	printf("<%s>\n", json(o, "aa"));
	printf("<%s>\n", json(o, ""));
	printf("<%d>\n", json(o, "zz") == NULL);
	l = "[0.5, -16.3e10,[1, [2, 3]], \"\", false]";
	printf("<%s>\n", json(l, "0"));
	printf("<%s>\n", json(l, "[1]"));
	printf("<%s>\n", json(l, "2[1][0]"));
	printf("<%s>\n", json(l, "2.1.1"));
	printf("<%s>\n", json(l, "3"));
	printf("<%s>\n", json(l, "4"));
	printf("<%s>\n", json(l, "5"));
	printf("<%s>\n", json("[]", "0"));
	printf("<%s>\n", json("[0x10]", "0"));
	printf("<%s>\n", json("[01.5E-3 ]", "0"));
	printf("<%s>\n", json("[\"\\u00AZ\", 1]", "1"));
	printf("<%s>\n", json("[tru, 1]", "1"));
	printf("<%s>\n", json("{\"a\" 1}", "a"));
	printf("<%s>\n", json("{\"a\": 1", "a"));
	printf("<%s>\n", json("\"a\"", "a"));
	printf("<%s>\n", json("", "a"));
	printf("<%s>\n", json("{\"in\": {\"a\": \"}\"}, \"a\": \"]\"}", "a"));
	printf("<%s>\n", json("\n[\t{ \"k\" :\r\n7 } ]", "0.k"));
	printf("<%s>\n", json("{\"in\": {\"a\": \"\\\"}\"}, \"a\": 2}", "a"));
	printf("<%s>\n", json("{\"a\\\"\": 1, \"a\": 2}", "a"));
	printf("<%s>\n", json("{\"a\\nb\": 1}", "a\\b"));
	printf("<%s>\n", json("{\"a\": 1, \"aa\": 2}", "aa"));
	printf("<%s>\n", json("{\"a.b\": 1, \"a\": {\"b\": 2}}", "a.b"));
	printf("<%s>\n", json("{\"a\"=1}", "a"));
	printf("<%s>\n", json("[1.2.3]", "0"));
	printf("<%s>\n", json("[1e2e3]", "0"));
	printf("<%s>\n", json("[0,1,2,3,4,5,6,7,8,9,\"x\",\"y\"]", "11"));
	printf("<%s>\n", json("[{\"x\": 1}]", "0x"));
	printf("<%s>\n", json("[7]", ""));
	printf("<%s>\n", json("[1 22]", "1"));
	printf("<%s>\n", json("[\"\\q\"]", "0"));
	printf("<%s>\n", json("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "0"));
	printf("<%d>\n", strtoll(json(o, "b.a[0]")) + 1);
	exit(0);
}
