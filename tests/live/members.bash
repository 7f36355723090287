# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Tables of members and their judges. A row of a table is
#
#	member | how it is printed | D expression | judge
#
# and lines of a table are all printed with one printf(). The judge is "=field", a field that `pcapls -a` or socks.c
# says of the same packet or socket, "=field-N", so much less, or a text. Every member that dlib/*.d publishes must begin
# a row of some live test, "STRUCT.member" where several structs have one of the name: tests/unit/members.sh sees to it.

# rows TABLE: without what is not a row
rows() { grep '^[a-z_0-9.]* *|' <<<"$1"; }

# column TABLE N: of its rows
column() { rows "$1" | awk -F ' *[|] *' -v n="$2" '{ print $n }'; }

# printing TABLE [TEXT-BEFORE ARGS-BEFORE]: the D statement that prints the expressions
printing()
{
	local formats args
	formats=$(column "$1" 2 | paste -sd ' ')
	args=$(column "$1" 3 | paste -sd ,)
	printf 'printf("%s%s\\n", %s%s);' "${2:+$2 }" "$formats" "${3:+$3, }" "$args"
}

# judged NAME TABLE FOUND PACKETS: a verdict for each row. FOUND has a line of the tracer for each packet, PACKETS
# one of pcapls -a, in the same order.
judged()
{
	local name=$1 n=0 member judge expected
	holds "$name: there are packets" "$(wc -l <<<"$4")" -n "$4"
	is "$name: as many as there were" "$(grep -c . <<<"$4")" "$(grep -c . <<<"$3")"
	while IFS='|' read -r member judge; do
		n=$((n + 1))
		if [ "${judge:0:1}" = = ]; then
			expected=$(awk -v field="${judge:1}" '{
				value = n = 0
				if (split(field, part, "-") == 2) n = part[2]
				for (i = 1; i <= NF; i++)
					if (index($i, part[1] "=") == 1) value = substr($i, length(part[1]) + 2)
				if (n) printf "%.0f\n", (value - n + 4294967296) % 4294967296
				else print value }' <<<"$4")
		else
			expected=$(awk -v text="$judge" '{ print text }' <<<"$4")
		fi
		is "$member, $name" "$expected" "$(awk -v n="$n" '{ print $n }' <<<"$3")"
	done < <(paste -d '|' <(column "$2" 1) <(column "$2" 4))
}
