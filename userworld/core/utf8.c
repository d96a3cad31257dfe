// SPDX-License-Identifier: Apache-2.0
/* Well-formed UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, up to U+10FFFF. */
#include "utf8.h"

static int trail(const unsigned char *s, size_t left, size_t count)
{
	if (left <= count)
		return 0;
	for (size_t i = 1; i <= count; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return 1;
}

/* Bytes of the character at s, 0 if it is none. */
static size_t character(const unsigned char *s, size_t left)
{
	if (s[0] == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf && trail(s, left, 1))
		return 2;
	if ((s[0] & 0xf0) == 0xe0 && trail(s, left, 2)) {
		if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f))
			return 0;
		return 3;
	}
	if (s[0] >= 0xf0 && s[0] <= 0xf4 && trail(s, left, 3)) {
		if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
			return 0;
		return 4;
	}
	return 0;
}

void utf8_repair(char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = character((const unsigned char *)text + i, len - i);

		if (n == 0) {
			text[i] = '?';
			n = 1;
		}
		i += n;
	}
}

void ascii_repair(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}
