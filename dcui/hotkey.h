/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ctrl-G, Ctrl-B and then a digit or ?: what is shown on a serial line, whatever has it now. Bytes
 * that turn out to be something else are passed on.
 */
#ifndef DCUI_HOTKEY_H
#define DCUI_HOTKEY_H

enum hot {
	HOT_NONE,
	HOT_LOG,     /* 1: the live log */
	HOT_SHELL,   /* 2 */
	HOT_CONSOLE, /* 3 */
	HOT_HELP,    /* ? */
};

#define HOTKEY_MAX 3 /* bytes that may come out at once */

struct hotkey {
	int seen; /* bytes of the sequence so far */
};

/* Takes a byte; returns how many are to be passed on, in out. */
int hotkey_feed(struct hotkey *h, unsigned char byte, unsigned char out[static HOTKEY_MAX],
		enum hot *hot);

#define HOTKEY_HELP "1 live log, 2 shell, 3 console of the host, ? this list"

#endif
