/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tech support shell on the console's own serial line: in the shell's pool, behind a pseudo
 * terminal, so that the console keeps the line and its hot keys lead back whatever the shell does.
 */
#ifndef DCUI_SHELL_H
#define DCUI_SHELL_H

#include "dcui/hotkey.h"
#include "dcui/typed.h"

#include "err.h"

#include <sys/types.h>

struct shell {
	pid_t pid; /* 0: there is none */
	int master;
};

/*
 * Shows the shell until a hot key asks for something else (which is returned), or it has ended
 * (HOT_CONSOLE). One that is left goes on and is there the next time. So does a signal to the
 * console, which is left for its main loop. HOT_NONE: an error; the line is then as it was. type is
 * the name of the terminal in terminfo. What is left of typed is the shell's, and after it the
 * console's; without a shell it is nobody's.
 */
enum hot shell_show(struct shell *s, struct typed *typed, int line, const char *type, int signals,
		    struct err *e);

/* Whether somebody has enabled the shell. */
bool shell_enabled(void);

/* The console ends, and its shell with it. */
void shell_end(struct shell *s);

#endif
