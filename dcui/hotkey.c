// SPDX-License-Identifier: Apache-2.0
#include "dcui/hotkey.h"

#include <stddef.h>

static const unsigned char start[] = { 'G' & 0x1f, 'B' & 0x1f };

static enum hot meaning(unsigned char byte)
{
	switch (byte) {
	case '1':
		return HOT_LOG;
	case '2':
		return HOT_SHELL;
	case '3':
		return HOT_CONSOLE;
	case '?':
		return HOT_HELP;
	default:
		return HOT_NONE;
	}
}

int hotkey_feed(struct hotkey *h, unsigned char byte, unsigned char out[static HOTKEY_MAX],
		enum hot *hot)
{
	int seen = h->seen;

	*hot = HOT_NONE;
	if (seen < (int)sizeof(start) && byte == start[seen]) {
		h->seen++;
		return 0;
	}
	h->seen = 0;
	if (seen == (int)sizeof(start)) {
		*hot = meaning(byte);
		if (*hot != HOT_NONE)
			return 0;
	}
	for (size_t i = 0; i < sizeof(start) && (int)i < seen; i++)
		out[i] = start[i];
	/* Who presses Ctrl-G twice means the second one. */
	if (seen && byte == start[0]) {
		h->seen = 1;
		return seen;
	}
	out[seen] = byte;
	return seen + 1;
}
