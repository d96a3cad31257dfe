// SPDX-License-Identifier: Apache-2.0
/* Log viewer: paging, search, live follow. */
#include "dcui/screens/screens.h"
#include "dcui/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define STEP 16 /* columns that Left and Right move */

/* Between title bar and footer, the whole width: log lines are long. */
static int visible_rows(int rows)
{
	return rows - 2;
}

static void enter(struct model *m)
{
	struct viewer *v = &m->viewer;

	lines_free(&v->lines);
	v->loaded = v->searching = false;
	v->follow = !v->failed;
	v->top = v->failed ? INT_MAX : 0;
	v->left = 0;
	v->found = -1;
	v->pattern[0] = v->message[0] = '\0';
}

static void leave(struct model *m)
{
	lines_free(&m->viewer.lines);
}

static int clamp_top(const struct viewer *v, int rows)
{
	int last = v->lines.count - visible_rows(rows);
	int top = v->follow || v->top > last ? last : v->top;

	return top < 0 ? 0 : top;
}

static void render_line(struct grid *g, int row, const struct viewer *v, int number)
{
	const char *line = v->lines.line[number], *at = line;
	bool found = number == v->found;

	draw_text(g, row, 0, g->cols, found ? STYLE_STRONG : STYLE_BODY,
		  line + text_offset(line, v->left));
	while ((at = lines_match(at, v->pattern))) {
		char before[4096];
		int col;

		snprintf(before, sizeof(before), "%.*s", (int)(at - line), line);
		col = text_width(before) - v->left;
		grid_restyle(g, row, col, text_width(v->pattern), STYLE_MATCH);
		at += strlen(v->pattern);
	}
}

static const char *keys_of(const struct viewer *v)
{
	if (v->failed)
		return "</> Search  <N> Next  <P> Previous  <Esc> Back";
	return v->follow ? "</> Search  <N> Next  <F> Stop following  <Esc> Back"
			 : "</> Search  <N> Next  <P> Previous  <F> Follow  <Esc> Back";
}

static void render_footer(const struct viewer *v, struct grid *g)
{
	if (v->searching) {
		draw_footer(g, "", "<Enter> Find  <Esc> Cancel");
		draw_text(g, g->rows - 1, 2, 8, STYLE_FOOTER, "Search: ");
		draw_text(g, g->rows - 1, 10, g->cols - 40, STYLE_FOOTER_KEY, v->search.value);
		g->cursor_row = g->rows - 1;
		g->cursor_col = 10 + v->search.cursor;
		return;
	}
	draw_footer(g, keys_of(v), "<F1> Help");
}

static void render(const struct model *m, struct grid *g)
{
	const struct viewer *v = &m->viewer;
	int rows = visible_rows(g->rows), top = clamp_top(v, g->rows), last;
	char where[80];

	grid_clear(g, STYLE_BODY);
	last = top + rows < v->lines.count ? top + rows : v->lines.count;
	snprintf(where, sizeof(where), "%s%d-%d of %d lines", v->follow ? "live  " : "",
		 v->lines.count ? top + 1 : 0, last, v->lines.count);
	draw_title(g, v->log, where);
	for (int i = top; i < last; i++)
		render_line(g, 1 + i - top, v, i);
	if (!v->loaded)
		draw_text(g, 2, 2, g->cols - 4, STYLE_DIM, "Reading ...");
	else if (v->lines.count == 0 && !v->message[0])
		draw_text(g, 2, 2, g->cols - 4, STYLE_DIM, "Nothing in this log yet.");
	render_footer(v, g);
	if (v->message[0] && !v->searching) {
		struct rect r = { g->rows - 2, 0, 1, g->cols };

		draw_fill(g, r, STYLE_BODY);
		draw_text(g, r.row, 2, g->cols - 4, STYLE_BAD, v->message);
	}
}

/* Shows line "found" in the middle; says so if there is none. */
static void show_found(struct viewer *v, int found, int rows)
{
	v->message[0] = '\0';
	v->found = found;
	if (found < 0) {
		snprintf(v->message, sizeof(v->message), "Not found: %.200s", v->pattern);
		return;
	}
	v->follow = false;
	v->top = found - visible_rows(rows) / 2;
	v->top = clamp_top(v, rows);
}

static void find(struct model *m, int step)
{
	struct viewer *v = &m->viewer;
	int from = v->found >= 0 ? v->found + step : clamp_top(v, m->rows);

	if (v->pattern[0] && v->lines.count)
		show_found(v, lines_find(&v->lines, v->pattern, from, step), m->rows);
}

static enum action handle_search(struct key key, struct model *m)
{
	struct viewer *v = &m->viewer;

	if (key.code == KEY_ESC) {
		v->searching = false;
	} else if (key.code == KEY_ENTER) {
		v->searching = false;
		snprintf(v->pattern, sizeof(v->pattern), "%s", v->search.value);
		v->found = -1;
		find(m, 1);
	} else if (!field_handle(&v->search, key)) {
		return ACTION_IGNORED;
	}
	return ACTION_NONE;
}

static bool handle_scroll(struct key key, struct viewer *v, int rows)
{
	int top = clamp_top(v, rows);

	if (key_is(key, ' '))
		key.code = KEY_PAGE_DOWN;
	else if (key_is(key, 'b'))
		key.code = KEY_PAGE_UP;
	else if (key.code == KEY_ENTER || key_is(key, 'j'))
		key.code = KEY_DOWN;
	else if (key_is(key, 'k'))
		key.code = KEY_UP;
	else if (key_is(key, 'g'))
		key.code = KEY_HOME;
	else if (key_is(key, 'G'))
		key.code = KEY_END;
	if (!scroll_handle(&top, key, v->lines.count, visible_rows(rows)))
		return false;
	v->follow = v->follow && top >= v->lines.count - visible_rows(rows);
	v->top = top;
	v->message[0] = '\0';
	return true;
}

static enum action handle(struct key key, struct model *m)
{
	struct viewer *v = &m->viewer;

	if (v->searching)
		return handle_search(key, m);
	if (handle_scroll(key, v, m->rows))
		return ACTION_NONE;
	if (key_is(key, '/')) {
		v->searching = true;
		field_wipe(&v->search);
	} else if (key_is(key, 'n') || key_is(key, 'N')) {
		find(m, 1);
	} else if (key_is(key, 'p') || key_is(key, 'P')) {
		find(m, -1);
	} else if (!v->failed && (key_is(key, 'f') || key_is(key, 'F'))) {
		v->top = clamp_top(v, m->rows);
		v->follow = !v->follow;
		return v->follow ? ACTION_READ_LOG : ACTION_NONE;
	} else if (key.code == KEY_RIGHT) {
		v->left += STEP;
	} else if (key.code == KEY_LEFT) {
		v->left -= v->left >= STEP ? STEP : v->left;
	} else if (key_is(key, 'q')) {
		return ui_pop(m);
	} else {
		return ACTION_IGNORED;
	}
	return ACTION_NONE;
}

const struct screen screen_viewer = {
	.help = "<Up> <Down>        one line (also k, j, Enter)\n"
		"<PageUp> <PageDown> one page (also b, Space)\n"
		"<Home> <End>       first and last line (also g, G)\n"
		"<Left> <Right>     long lines\n"
		"</>                search, letters of both cases alike\n"
		"<N> <P>            next and previous match\n"
		"<F>                live follow: new lines appear by themselves\n"
		"<Esc>              back (also q)\n\n"
		"The last 1000 lines are shown. Scrolling up stops following.",
	.render = render,
	.handle = handle,
	.enter = enter,
	.leave = leave,
};
