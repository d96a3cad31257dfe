/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the styles look like. Dark grey and amber are the product's two tones;
 * where a terminal has no such colours the nearest of its eight stand for
 * them, and without colours reverse video and bold keep the parts apart.
 */
#ifndef DCUI_LOOK_H
#define DCUI_LOOK_H

#include "dcui/cell.h"

#include <stdbool.h>

/* In this order the numbers of the colours on a terminal that can be taught. */
enum colour {
	COLOUR_BLACK,
	COLOUR_RED,
	COLOUR_GREEN,
	COLOUR_AMBER,
	COLOUR_DARK,
	COLOUR_MIDDLE,
	COLOUR_WHITE,
	COLOUR_LIGHT,
	COLOUR_COUNT,
};

struct look {
	enum colour ink, paper;
	bool bold;		      /* with eight or 256 colours */
	bool mono_reverse, mono_bold; /* without colours */
	bool underline;		      /* where the paper may look like that around it */
};

struct look look_of(enum style style);

struct shade {
	short basic;		/* of the eight colours of ANSI */
	short extended;		/* of the 256 of xterm */
	short red, green, blue; /* 0 to 1000, for terminals that can be taught */
};

struct shade look_shade(enum colour colour);

#endif
