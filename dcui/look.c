// SPDX-License-Identifier: Apache-2.0
/* Styles to colours. */
#include "dcui/look.h"

static const struct look looks[STYLE_COUNT] = {
	/*			 ink		paper	       bold   reverse mono-bold */
	[STYLE_BODY] = { COLOUR_LIGHT, COLOUR_DARK, false, false, false },
	[STYLE_STRONG] = { COLOUR_WHITE, COLOUR_DARK, true, false, true },
	[STYLE_DIM] = { COLOUR_MIDDLE, COLOUR_DARK, false, false, false },
	[STYLE_GOOD] = { COLOUR_GREEN, COLOUR_DARK, false, false, false },
	[STYLE_BAD] = { COLOUR_AMBER, COLOUR_DARK, true, false, true },
	[STYLE_UPPER] = { COLOUR_LIGHT, COLOUR_DARK, false, false, false },
	[STYLE_UPPER_STRONG] = { COLOUR_WHITE, COLOUR_DARK, true, false, true },
	[STYLE_LOWER] = { COLOUR_BLACK, COLOUR_AMBER, false, true, false },
	[STYLE_LOWER_STRONG] = { COLOUR_BLACK, COLOUR_AMBER, true, true, true },
	[STYLE_LOWER_WARN] = { COLOUR_WHITE, COLOUR_RED, true, false, true },
	[STYLE_BAR] = { COLOUR_BLACK, COLOUR_AMBER, false, true, true },
	[STYLE_FOOTER] = { COLOUR_LIGHT, COLOUR_BLACK, false, false, false },
	[STYLE_FOOTER_KEY] = { COLOUR_WHITE, COLOUR_BLACK, true, false, true },
	[STYLE_SELECTED] = { COLOUR_BLACK, COLOUR_AMBER, false, true, false },
	[STYLE_MATCH] = { COLOUR_BLACK, COLOUR_AMBER, false, true, false },
	[STYLE_GAUGE] = { COLOUR_DARK, COLOUR_LIGHT, false, true, false },
	[STYLE_GAUGE_BAD] = { COLOUR_DARK, COLOUR_AMBER, false, true, true },
	[STYLE_DIALOG] = { COLOUR_LIGHT, COLOUR_BLACK, false, false, false },
	[STYLE_FRAME] = { COLOUR_AMBER, COLOUR_BLACK, false, false, false },
	[STYLE_HEADING] = { COLOUR_AMBER, COLOUR_BLACK, true, false, true },
	[STYLE_KEY] = { COLOUR_WHITE, COLOUR_BLACK, true, false, true },
	[STYLE_ALERT] = { COLOUR_AMBER, COLOUR_BLACK, false, false, true },
	[STYLE_FIELD] = { COLOUR_LIGHT, COLOUR_DARK, false, false, false, true },
	[STYLE_FIELD_FOCUS] = { COLOUR_BLACK, COLOUR_LIGHT, false, true, false },
};

static const struct shade shades[COLOUR_COUNT] = {
	[COLOUR_BLACK] = { 0, 16, 0, 0, 0 },	       [COLOUR_RED] = { 1, 160, 760, 120, 100 },
	[COLOUR_GREEN] = { 2, 114, 480, 780, 420 },    [COLOUR_AMBER] = { 3, 214, 1000, 680, 80 },
	[COLOUR_DARK] = { 0, 236, 180, 190, 205 },     [COLOUR_MIDDLE] = { 7, 246, 560, 580, 600 },
	[COLOUR_WHITE] = { 7, 231, 1000, 1000, 1000 }, [COLOUR_LIGHT] = { 7, 252, 820, 830, 840 },
};

struct look look_of(enum style style)
{
	return looks[style < STYLE_COUNT ? style : STYLE_BODY];
}

struct shade look_shade(enum colour colour)
{
	return shades[colour];
}
