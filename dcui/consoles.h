/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two virtual consoles beside the console's own: Alt-F11 has the home screen, Alt-F12 the live
 * vmkernel.log. Both are written straight into the memory of the screen and only while one is in
 * front; nothing is ever read from their keyboards.
 */
#ifndef DCUI_CONSOLES_H
#define DCUI_CONSOLES_H

#include "dcui/driver.h"

#define CONSOLE_MESSAGES 12 /* where the kernel writes what it says on a console */

struct consoles {
	struct {
		int tty, screen; /* -1: there is none */
	} view[2];
	int active; /* tells of a change, -1: there are no virtual consoles */
	int front;  /* number of the console that shows */
};

#define CONSOLES_NONE                                            \
	{                                                        \
		.view = { { -1, -1 }, { -1, -1 } }, .active = -1 \
	}

/* What cannot be opened is logged, and is not there. */
void consoles_open(struct consoles *c);
void consoles_close(struct consoles *c);

/* Another console may have come to the front: true if it is one of ours, which has to be drawn. */
bool consoles_switched(struct consoles *c);

/* One of ours is in front and its contents may have changed by themselves: draws that. */
void consoles_draw(struct consoles *c, struct model *m, bool facts_changed);

/* When it has to be drawn again, on the clock of model.now. */
uint64_t consoles_due(const struct consoles *c, const struct model *m);

#endif
