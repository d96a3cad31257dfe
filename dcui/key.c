// SPDX-License-Identifier: Apache-2.0
/* Names of keys. */
#include "dcui/key.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	struct key key;
} names[] = {
	{ "Enter", { KEY_ENTER, 0 } },
	{ "Esc", { KEY_ESC, 0 } },
	{ "Tab", { KEY_TAB, 0 } },
	{ "BackTab", { KEY_BACKTAB, 0 } },
	{ "Backspace", { KEY_BACKSPACE, 0 } },
	{ "Delete", { KEY_DELETE, 0 } },
	{ "Insert", { KEY_INSERT, 0 } },
	{ "Up", { KEY_UP, 0 } },
	{ "Down", { KEY_DOWN, 0 } },
	{ "Left", { KEY_LEFT, 0 } },
	{ "Right", { KEY_RIGHT, 0 } },
	{ "Home", { KEY_HOME, 0 } },
	{ "End", { KEY_END, 0 } },
	{ "PageUp", { KEY_PAGE_UP, 0 } },
	{ "PageDown", { KEY_PAGE_DOWN, 0 } },
	{ "Space", { KEY_CHAR, ' ' } },
	{ "Less", { KEY_CHAR, '<' } },
};

static int function_key(const char *name, size_t len, struct key *key)
{
	int number = 0;

	if (len < 2 || len > 3 || (name[0] != 'F' && name[0] != 'f'))
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		number = number * 10 + name[i] - '0';
	}
	if (number < 1 || number > 12)
		return 0;
	*key = (struct key){ (enum key_code)(KEY_F1 + number - 1), 0 };
	return 1;
}

int key_from_name(const char *name, size_t len, struct key *key)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == len && !strncasecmp(names[i].name, name, len)) {
			*key = names[i].key;
			return 1;
		}
	if (len == 6 && !strncasecmp(name, "Ctrl-", 5)) {
		int letter = name[5] | 0x20;

		if (letter < 'a' || letter > 'z')
			return 0;
		*key = (struct key){ KEY_CTRL, (uint32_t)letter };
		return 1;
	}
	return function_key(name, len, key);
}

int key_is(struct key key, uint32_t ch)
{
	return key.code == KEY_CHAR && key.ch == ch;
}
