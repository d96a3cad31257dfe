// SPDX-License-Identifier: Apache-2.0
/* Decoder of terminal input: one state, the bytes of the sequence so far. */
#include "dcui/keyseq.h"
#include "dcui/text.h"

#include <string.h>

#define ESC 0x1b
#define DEL 0x7f

struct code {
	int number; /* in "ESC [ number ~" */
	enum key_code code;
};

/* vt220, xterm and linux together. */
static const struct code tilde_codes[] = {
	{ 1, KEY_HOME },    { 2, KEY_INSERT },	  { 3, KEY_DELETE }, { 4, KEY_END },
	{ 5, KEY_PAGE_UP }, { 6, KEY_PAGE_DOWN }, { 7, KEY_HOME },   { 8, KEY_END },
	{ 11, KEY_F1 },	    { 12, KEY_F2 },	  { 13, KEY_F3 },    { 14, KEY_F4 },
	{ 15, KEY_F5 },	    { 17, KEY_F6 },	  { 18, KEY_F7 },    { 19, KEY_F8 },
	{ 20, KEY_F9 },	    { 21, KEY_F10 },	  { 23, KEY_F11 },   { 24, KEY_F12 },
};

static int give(struct keyseq *s, struct key *key, enum key_code code, uint32_t ch)
{
	s->len = 0;
	*key = (struct key){ code, ch };
	return code != KEY_NONE;
}

static enum key_code letter_code(unsigned char letter)
{
	switch (letter) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'H':
		return KEY_HOME;
	case 'F':
		return KEY_END;
	case 'M':
		return KEY_ENTER; /* keypad, ESC O M */
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return (enum key_code)(KEY_F1 + letter - 'P');
	case 'Z':
		return KEY_BACKTAB;
	default:
		return KEY_NONE;
	}
}

static enum key_code tilde_code(int number)
{
	for (size_t i = 0; i < sizeof(tilde_codes) / sizeof(tilde_codes[0]); i++)
		if (tilde_codes[i].number == number)
			return tilde_codes[i].code;
	return KEY_NONE;
}

/* The first number in the sequence; modifiers after a ";" do not matter here. */
static int first_number(const struct keyseq *s)
{
	int number = 0;

	for (size_t i = 2; i < s->len && s->buf[i] >= '0' && s->buf[i] <= '9'; i++)
		number = number > 999 ? number : number * 10 + s->buf[i] - '0';
	return number;
}

/* ESC [ ... : complete at its final byte. */
static int control_sequence(struct keyseq *s, unsigned char byte, struct key *key)
{
	if (s->len == 3 && byte == '[')
		return 0; /* linux: ESC [ [ A */
	if (s->len == 4 && s->buf[2] == '[')
		return give(s, key,
			    byte >= 'A' && byte <= 'E' ? (enum key_code)(KEY_F1 + byte - 'A')
						       : KEY_NONE,
			    0);
	if (byte < 0x40 || byte > 0x7e) {
		if (s->len == KEYSEQ_MAX)
			s->len--; /* too long for any key: only its end matters */
		return 0;
	}
	if (byte == '~')
		return give(s, key, tilde_code(first_number(s)), 0);
	/* "ESC [ 24;80 R" is a position report, "ESC [ 1;2 R" shift and F3. */
	if (byte == 'M' || (byte == 'R' && first_number(s) != 1))
		return give(s, key, KEY_NONE, 0);
	return give(s, key, letter_code(byte), 0);
}

static int plain(struct keyseq *s, unsigned char byte, struct key *key)
{
	switch (byte) {
	case ESC:
		return 0;
	case '\r':
	case '\n':
		return give(s, key, KEY_ENTER, 0);
	case '\t':
		return give(s, key, KEY_TAB, 0);
	case '\b':
	case DEL:
		return give(s, key, KEY_BACKSPACE, 0);
	case 0:
		return give(s, key, KEY_NONE, 0);
	default:
		break;
	}
	if (byte < 0x20)
		return byte <= 26 ? give(s, key, KEY_CTRL, 'a' + byte - 1u)
				  : give(s, key, KEY_NONE, 0);
	return give(s, key, KEY_CHAR, byte);
}

static int second_byte(struct keyseq *s, unsigned char byte, struct key *key)
{
	int more;

	switch (byte) {
	case '[':
	case 'O':
		return 0;
	case '0':
		return give(s, key, KEY_F10, 0);
	case '!':
	case '-':
		return give(s, key, KEY_F11, 0);
	case '@':
	case '=':
		return give(s, key, KEY_F12, 0);
	default:
		break;
	}
	if (byte >= '1' && byte <= '9')
		return give(s, key, (enum key_code)(KEY_F1 + byte - '1'), 0);
	/* Esc alone, and then something of its own. */
	give(s, &key[0], KEY_ESC, 0);
	if (byte == ESC)
		return 1;
	s->len = 1;
	s->buf[0] = byte;
	more = byte >= 0x80 ? 0 : plain(s, byte, &key[1]);
	return 1 + more;
}

/* A character of several bytes. */
static int utf8(struct keyseq *s, unsigned char byte, struct key *key)
{
	size_t want = s->buf[0] >= 0xf0 ? 4 : s->buf[0] >= 0xe0 ? 3 : 2;
	char text[TEXT_UTF8_MAX + 1] = "";
	const char *p = text;
	uint32_t ch;

	if (s->len > 1 && (byte & 0xc0) != 0x80) { /* broken off: start again with this byte */
		s->len = 0;
		return keyseq_feed(s, byte, key);
	}
	if (s->len < want)
		return 0;
	memcpy(text, s->buf, want);
	ch = text_decode(&p);
	return give(s, key, *p ? KEY_NONE : KEY_CHAR, ch);
}

int keyseq_feed(struct keyseq *s, unsigned char byte, struct key keys[static 2])
{
	s->buf[s->len++] = byte;
	if (s->buf[0] >= 0xc2 && s->buf[0] <= 0xf4)
		return utf8(s, byte, keys);
	if (s->buf[0] >= 0x80)
		return give(s, keys, KEY_NONE, 0);
	if (s->len == 1)
		return plain(s, byte, keys);
	if (s->len == 2)
		return second_byte(s, byte, keys);
	if (s->buf[1] == 'O')
		return give(s, keys, letter_code(byte), 0);
	return control_sequence(s, byte, keys);
}

bool keyseq_pending(const struct keyseq *s)
{
	return s->len > 0;
}

int keyseq_expire(struct keyseq *s, struct key *key)
{
	bool esc = s->len == 1 && s->buf[0] == ESC;

	return give(s, key, esc ? KEY_ESC : KEY_NONE, 0);
}
