/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal: puts a grid on it, gives the bytes it sends. The only user of ncurses. */
#ifndef DCUI_TERM_H
#define DCUI_TERM_H

#include <stdbool.h>
#include <sys/types.h>

#include "dcui/cell.h"
#include "err.h"

struct term_options {
	int fd;		  /* stays the caller's */
	const char *type; /* terminfo name */
	bool utf8;	  /* the terminal shows UTF-8 */
	bool mono;	  /* no colours, whatever the terminal can */
	bool teach;	  /* its colours may be redefined; emulators often only say so */
};

/* Takes over the terminal of the process; there is only one. ERR_UNAVAILABLE: type is unknown. */
int term_open(const struct term_options *options, struct err *e);

/* Gives the terminal back as it was. */
void term_close(void);

void term_size(int *rows, int *cols);

/* The terminal's size has changed: ask the line for it. */
void term_resize(void);

/* Puts the grid on the screen; only what differs from what is there is sent. */
void term_show(const struct grid *g);

/* Forgets what is on the screen, so that the next grid is sent whole. */
void term_repaint(void);

#endif
