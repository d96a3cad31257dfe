# SPDX-License-Identifier: Apache-2.0
#
# Prints the targets that makefiles describe: "##@ GROUP" opens a group,
# "#: TARGET  TEXT" is a line of it. A group may go on in another file.
/^##@ / {
	group = substr($0, 5)
	if (!seen[group]++)
		order[++groups] = group
}
/^#: / { text[group] = text[group] "  " substr($0, 4) "\n" }
END {
	for (i = 1; i <= groups; i++)
		if (order[i] in text)
			printf "%s%s:\n%s", (shown++ ? "\n" : ""), order[i], text[order[i]]
}
