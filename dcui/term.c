// SPDX-License-Identifier: Apache-2.0
/*
 * ncurses at the rim: styles become attributes and colour pairs, cells become
 * characters. Keys are not read through ncurses (keyseq.h says why).
 */
#include "dcui/term.h"
#include "dcui/look.h"
#include "dcui/text.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <ncursesw/curses.h>

enum colours { MONO, BASIC, EXTENDED, TAUGHT };

static struct {
	SCREEN *screen;
	FILE *out, *in;
	int fd;
	bool utf8;
	enum colours colours;
	attr_t attr[STYLE_COUNT];
	short pair[STYLE_COUNT];
} term;

static enum colours choose_colours(const struct term_options *options)
{
	if (options->mono || !has_colors() || start_color() == ERR)
		return MONO;
	if (COLORS >= 256)
		return EXTENDED;
	if (COLORS < 8)
		return MONO;
	return options->teach && can_change_color() ? TAUGHT : BASIC;
}

static short colour_number(enum colour colour)
{
	struct shade shade = look_shade(colour);

	switch (term.colours) {
	case EXTENDED:
		return shade.extended;
	case TAUGHT:
		return (short)colour;
	default:
		return shade.basic;
	}
}

static void teach_colours(void)
{
	for (int i = 0; i < COLOUR_COUNT; i++) {
		struct shade shade = look_shade((enum colour)i);

		init_color((short)i, shade.red, shade.green, shade.blue);
	}
}

static void make_looks(void)
{
	if (term.colours == TAUGHT)
		teach_colours();
	for (int i = 0; i < STYLE_COUNT; i++) {
		struct look look = look_of((enum style)i);
		bool bold = term.colours == MONO ? look.mono_bold : look.bold;

		/* Bold would leave the colours that the terminal was taught. */
		term.attr[i] = bold && term.colours != TAUGHT ? A_BOLD : A_NORMAL;
		if (look.underline && (term.colours == MONO || term.colours == BASIC))
			term.attr[i] |= A_UNDERLINE;
		if (term.colours == MONO) {
			term.attr[i] |= look.mono_reverse ? A_REVERSE : A_NORMAL;
			continue;
		}
		term.pair[i] = (short)(i + 1);
		init_pair(term.pair[i], colour_number(look.ink), colour_number(look.paper));
	}
}

/* ncurses writes UTF-8 only in a locale that has it. */
static bool choose_locale(bool utf8)
{
	if (utf8 && setlocale(LC_CTYPE, "") && !strcmp(nl_langinfo(CODESET), "UTF-8"))
		return true;
	if (utf8 && setlocale(LC_CTYPE, "C.UTF-8") && !strcmp(nl_langinfo(CODESET), "UTF-8"))
		return true;
	setlocale(LC_CTYPE, "C");
	return false;
}

static FILE *open_stream(int fd, const char *mode)
{
	int copy = dup(fd);
	FILE *f = copy >= 0 ? fdopen(copy, mode) : NULL;

	if (!f && copy >= 0)
		close(copy);
	return f;
}

int term_open(const struct term_options *options, struct err *e)
{
	term.fd = options->fd;
	term.utf8 = choose_locale(options->utf8);
	term.out = open_stream(options->fd, "w");
	term.in = open_stream(options->fd, "r");
	if (term.out && term.in)
		term.screen = newterm(options->type, term.out, term.in);
	if (!term.screen) {
		term_close();
		return err_set(e, ERR_UNAVAILABLE,
			       "terminal type '%s' is unknown: give another one with --term",
			       options->type);
	}
	term.colours = choose_colours(options);
	make_looks();
	raw();
	noecho();
	nonl();
	scrollok(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	return 0;
}

void term_close(void)
{
	if (term.screen) {
		/* Nothing may stay that was drawn in colours the terminal now forgets. */
		bkgdset(' ');
		erase();
		refresh();
		endwin();
		delscreen(term.screen);
	}
	if (term.out)
		fclose(term.out);
	if (term.in)
		fclose(term.in);
	term.screen = NULL;
	term.out = term.in = NULL;
}

void term_size(int *rows, int *cols)
{
	*rows = LINES;
	*cols = COLS;
}

void term_resize(void)
{
	struct winsize size;

	if (ioctl(term.fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
}

void term_repaint(void)
{
	clearok(curscr, TRUE);
}

/* What stands for a character where only ASCII and the terminal's own line drawing are there. */
static chtype plain_char(uint32_t ch)
{
	static const struct {
		uint32_t ch;
		int acs;
	} lines[] = {
		{ 0x2500, 'q' }, { 0x2502, 'x' }, { 0x250c, 'l' },
		{ 0x2510, 'k' }, { 0x2514, 'm' }, { 0x2518, 'j' },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i].ch == ch)
			return NCURSES_ACS(lines[i].acs);
	if (ch == 0x25b2)
		return '^';
	if (ch == 0x25bc)
		return 'v';
	return ch < 0x7f ? ch : '?';
}

static void put_cell(int row, int col, const struct cell *c)
{
	attr_t attr = term.attr[c->style];
	short pair = term.pair[c->style];

	if (term.utf8) {
		wchar_t text[2] = { (wchar_t)c->ch, 0 };
		cchar_t wide;

		setcchar(&wide, text, attr, pair, NULL);
		mvadd_wch(row, col, &wide);
	} else {
		mvaddch(row, col, plain_char(c->ch) | attr | (chtype)COLOR_PAIR(pair));
	}
}

void term_show(const struct grid *g)
{
	for (int row = 0; row < g->rows && row < LINES; row++)
		for (int col = 0; col < g->cols && col < COLS; col++)
			put_cell(row, col, grid_at(g, row, col));
	curs_set(g->cursor_row >= 0);
	if (g->cursor_row >= 0)
		move(g->cursor_row, g->cursor_col);
	else
		move(LINES - 1, 0);
	refresh();
}
