#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tools/floors on small trees that are made up: one that keeps the rule, and one for each breach.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/verdicts.sh"
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-unit.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT

# file PATH LINE...: of the tree
file()
{
	mkdir -p "$(dirname "$T/tree/$1")"
	printf '%s\n' "${@:2}" >"$T/tree/$1"
}

# A tree that keeps the rule; the list begins in line 7 of the page, at ```.
tree()
{
	rm -rf "$T/tree"
	file docs/ARCHITECTURE.md '# Page' '```' 'base main' '```' '## Floors' 'The list:' '```' \
		'main' 'cook   waiter (both serve)' 'menu.h' 'stove absent' 'base  (below all)' '```' \
		'```' 'nothing of this' '```' '## More'
	file src/main.c '#include "cook/cook.h"' '#include "waiter/waiter.h"' '#include <stdio.h>'
	file src/cook/cook.h '#pragma once' '#include "menu.h"' '#include "base/vec.h"'
	file src/cook/pot.h '#include "base/vec.h"'
	file src/cook/cook.c '/* #include "main.h" */' '#include "cook/cook.h"' '#include "pot.h"' \
		'#include <linux/bpf.h>' '#  include "../base/vec.h" // again'
	file src/waiter/waiter.h '#include "menu.h"'
	file src/menu.h '#include "stove.h"'
	file src/stove.h '#include "base/vec.h"'
	file src/stove.c '#include "stove.h"'
	file src/base/vec.h '#include <stddef.h>'
}

# breaches NAME LINE...: exactly these are found
breaches()
{
	local name=$1 out status
	shift
	out=$(cd / && sh "$top/tools/floors" "$T/tree" 2>&1)
	status=$?
	is "$name" "$(printf '%s\n' "$@")" "$out"
	is "$name: status" $(($# > 0)) $status
}

tree
breaches "a tree that keeps the rule"

tree
file src/base/list.c '' '#include "base/vec.h"' '#include "stove.h"'
breaches "a higher floor" 'src/base/list.c:3: includes "stove.h", but stove is on a higher floor than base'

file src/base/list.c '#include "../cook/pot.h"'
breaches "a higher floor, by another path" \
	'src/base/list.c:1: includes "cook/pot.h", but cook is on a higher floor than base'

file src/base/list.c '' '' '	#include <menu.h>'
breaches "a higher floor, looked for like the system's" \
	'src/base/list.c:3: includes "menu.h", but menu.h is on a higher floor than base'

tree
file src/waiter/tip.c '' '#include "cook/pot.h"'
breaches "the same floor" 'src/waiter/tip.c:2: includes "cook/pot.h", but cook is another room on the floor of waiter'

tree
file src/guest/hunger.h '#include "base/vec.h"'
file src/guest/guest.c '#include "guest/hunger.h"' '#include "base/vec.h"'
breaches "a folder without a floor" \
	'docs/ARCHITECTURE.md:7: no floor is given for guest, the room of src/guest/guest.c'

tree
file src/till.c '#include "base/vec.h"'
breaches "a file without a floor" 'docs/ARCHITECTURE.md:7: no floor is given for till, the room of src/till.c'

tree
file src/menu.c '#include "menu.h"'
breaches "a name with its ending is that file alone" \
	'docs/ARCHITECTURE.md:7: no floor is given for menu, the room of src/menu.c'

tree
file src/main.c '#include "made.h"'
breaches "what the build makes needs a floor" 'src/main.c:1: includes "made.h", but made is on no floor'

tree
file src/guest/guest.h '#include "till/till.h"'
file src/till/till.h '' '#include "guest/guest.h"'
breaches "a circle of rooms" \
	'docs/ARCHITECTURE.md:7: no floor is given for guest, the room of src/guest/guest.h' \
	'docs/ARCHITECTURE.md:7: no floor is given for till, the room of src/till/till.h' \
	'src/till/till.h:2: closes a circle of rooms: guest > till > guest'

tree
file src/cook/a.h '#include "cook/b.h"'
file src/cook/b.h '' '#include "c.h"'
file src/cook/c.h '' '' '#include "./a.h"'
breaches "a circle of files" \
	'src/cook/c.h:3: closes a circle of files: src/cook/a.h > src/cook/b.h > src/cook/c.h > src/cook/a.h'

tree
sed -i 's/absent/net/' "$T/tree/docs/ARCHITECTURE.md"
file src/net/ip.h '#include "base/vec.h"'
breaches "a folder that hides one of the system" \
	'src/net/ip.h:1: src/net/ hides the folder of the system that <net/...> means'

tree
sed -i 's/absent/absent main/' "$T/tree/docs/ARCHITECTURE.md"
rm "$T/tree/src/main.c"
breaches "a room on two floors" 'docs/ARCHITECTURE.md:11: main has a floor already, in line 8'

tree
sed -i 's/^## Floors/## Flaws/' "$T/tree/docs/ARCHITECTURE.md"
breaches "no list" 'docs/ARCHITECTURE.md:1: there is no list of floors, a fenced block under "## Floors"'

rm "$T/tree/docs/ARCHITECTURE.md"
out=$(sh "$top/tools/floors" "$T/tree" 2>&1)
is "no page: status" 2 $?
matches "no page" '^floors: here is no docs/ARCHITECTURE.md or no src/: ' "$out"
exit $((failures > 0))
