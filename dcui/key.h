/* SPDX-License-Identifier: Apache-2.0 */
/* A key, whatever terminal it came from, and its name in scripts. */
#ifndef DCUI_KEY_H
#define DCUI_KEY_H

#include <stddef.h>
#include <stdint.h>

enum key_code {
	KEY_NONE,
	KEY_CHAR, /* ch is the character */
	KEY_CTRL, /* ch is the letter, 'a' to 'z' */
	KEY_ENTER,
	KEY_ESC,
	KEY_TAB,
	KEY_BACKTAB,
	KEY_BACKSPACE,
	KEY_DELETE,
	KEY_INSERT,
	KEY_UP,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_HOME,
	KEY_END,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_F1,
	KEY_F2,
	KEY_F3,
	KEY_F4,
	KEY_F5,
	KEY_F6,
	KEY_F7,
	KEY_F8,
	KEY_F9,
	KEY_F10,
	KEY_F11,
	KEY_F12,
	KEY_CODE_COUNT,
};

struct key {
	enum key_code code;
	uint32_t ch;
};

/* A key by the name between the angle brackets of a script: "F2", "PageUp", "Ctrl-L". */
int key_from_name(const char *name, size_t len, struct key *key);

/* True if the key is that character. */
int key_is(struct key key, uint32_t ch);

#endif
