/* SPDX-License-Identifier: Apache-2.0 */
/* The line to the terminal: which kind it is, and what it needs before use. */
#ifndef DCUI_LINE_H
#define DCUI_LINE_H

#include <stdbool.h>

#include "dcui/term.h"
#include "err.h"

enum line_kind {
	LINE_VT,     /* a virtual terminal of the kernel */
	LINE_SERIAL, /* nobody says what is at its end: ask */
	LINE_OTHER,  /* SSH, tmux: the environment tells */
};

struct line {
	int fd;
	enum line_kind kind;
	int escape_ms; /* how long Esc waits for what may follow it */
	char type[64]; /* terminfo name to use */
	bool utf8;
};

/* path NULL: the controlling terminal. */
int line_open(struct line *line, const char *path, struct err *e);
void line_close(struct line *line);

/* What was written last has not gone out yet. */
bool line_behind(const struct line *line);

/*
 * Brings the line into a known state and finds out type and size of the
 * terminal. wanted (may be NULL) overrides the type. With front, a virtual
 * terminal comes to the front and kernel messages are kept off it.
 */
void line_prepare(struct line *line, const char *wanted, bool front);

#endif
