/* SPDX-License-Identifier: BSD-2-Clause */
/* cgroup_path, netns_name: a number without a name is its digits, compared, as a key, kept in a variable. */
#pragma D option quiet

string s;

BEGIN
{
	s = netns_name(7);
	printf("%s %s %s %s\n", s, netns_name(0), cgroup_path(0), cgroup_path(0xffffffffffffffff));
	printf("%d %d %d\n", s == "7", netns_name(8) == "7", netns_name(0) == "<unknown>");
	printf("%d %d\n", s == "no such name", s != "no such name");
	printf("%d\n", cgroup_path(0) == "<unknown>");
	@[s] = count();
	@[netns_name(7)] = count();
	seen[s] = 3;
	printf("%d\n", seen["7"]);
	s = "other";
	printf("%s %d\n", s, s == "other");
	printf("%s\n", 1 ? netns_name(9) : "none");
	exit(0);
}
