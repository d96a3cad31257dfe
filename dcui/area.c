// SPDX-License-Identifier: Apache-2.0
/* Editing text of several lines. Places in it are bytes; rows are counted anew each time. */
#include "dcui/area.h"
#include "dcui/text.h"

#include <string.h>

/* A row of the text as it is shown. */
struct row {
	const char *begin, *end, *next; /* next: where the following one begins */
	int cells;
};

static struct row row_at(const char *begin, int width)
{
	struct row r = { .begin = begin, .end = begin };

	while (*r.end && *r.end != '\n' && r.cells < width - 1) {
		text_decode(&r.end);
		r.cells++;
	}
	r.next = r.end + (*r.end == '\n');
	return r;
}

/* Whether a further row follows: an empty one after a newline at the very end. */
static bool goes_on(const struct row *r)
{
	return *r->next || r->next > r->end;
}

/* The row with the cursor in it, and its number. */
static struct row cursor_row(const struct area *a, int width, int *number)
{
	struct row r = row_at(a->text, width);

	for (*number = 0; goes_on(&r) && r.next <= a->text + a->cursor; (*number)++)
		r = row_at(r.next, width);
	return r;
}

static int cells_between(const char *begin, const char *end)
{
	int cells = 0;

	for (; begin < end; cells++)
		text_decode(&begin);
	return cells;
}

/* To a cell of a row, or the last place in it that is not already the next row's. */
static void move_to(struct area *a, int width, int number, int cell)
{
	struct row r = row_at(a->text, width);
	const char *at;
	int last;

	for (; number > 0 && goes_on(&r); number--)
		r = row_at(r.next, width);
	last = r.next == r.end && *r.next ? r.cells - 1 : r.cells;
	at = r.begin;
	for (int i = 0; i < cell && i < last; i++)
		text_decode(&at);
	a->cursor = (size_t)(at - a->text);
}

static void insert(struct area *a, const char *bytes, size_t n)
{
	size_t len = strlen(a->text);

	if (len + n > AREA_MAX)
		return;
	memmove(a->text + a->cursor + n, a->text + a->cursor, len - a->cursor + 1);
	memcpy(a->text + a->cursor, bytes, n);
	a->cursor += n;
}

/* Length of the character before the cursor, 0 at the beginning. */
static size_t before(const struct area *a)
{
	const char *at = a->text, *last = at, *end = at + a->cursor;

	while (at < end) {
		last = at;
		text_decode(&at);
	}
	return (size_t)(at - last);
}

static void erase(struct area *a)
{
	const char *next = a->text + a->cursor;

	if (!*next)
		return;
	text_decode(&next);
	memmove(a->text + a->cursor, next, strlen(next) + 1);
}

static bool edit(struct area *a, struct key key)
{
	char bytes[TEXT_UTF8_MAX];

	switch (key.code) {
	case KEY_ENTER:
		insert(a, "\n", 1);
		return true;
	case KEY_CHAR:
		if (text_printable(key.ch))
			insert(a, bytes, text_encode(key.ch, bytes));
		return true;
	case KEY_BACKSPACE:
		if (a->cursor) {
			a->cursor -= before(a);
			erase(a);
		}
		return true;
	case KEY_DELETE:
		erase(a);
		return true;
	case KEY_CTRL:
		if (key.ch != 'u')
			return false;
		area_set(a, "");
		return true;
	default:
		return false;
	}
}

static bool move(struct area *a, struct key key, int width, int rows)
{
	int number, cell;
	struct row r = cursor_row(a, width, &number);
	const char *right = a->text + a->cursor;

	cell = cells_between(r.begin, a->text + a->cursor);
	switch (key.code) {
	case KEY_LEFT:
		a->cursor -= before(a);
		return true;
	case KEY_RIGHT:
		if (*right)
			text_decode(&right);
		a->cursor = (size_t)(right - a->text);
		return true;
	case KEY_HOME:
		a->cursor = (size_t)(r.begin - a->text);
		return true;
	case KEY_END:
		move_to(a, width, number, width);
		return true;
	case KEY_UP:
	case KEY_PAGE_UP:
		number -= key.code == KEY_UP ? 1 : rows - 1;
		move_to(a, width, number > 0 ? number : 0, cell);
		return true;
	case KEY_DOWN:
	case KEY_PAGE_DOWN:
		move_to(a, width, number + (key.code == KEY_DOWN ? 1 : rows - 1), cell);
		return true;
	default:
		return false;
	}
}

/* The first row shown, so that the cursor's is among them. */
static int follow(int top, int number, int rows)
{
	if (top > number)
		return number;
	return top > number - rows ? top : number - rows + 1;
}

bool area_handle(struct area *a, struct key key, int width, int rows)
{
	int number;

	if (!edit(a, key) && !move(a, key, width, rows))
		return false;
	cursor_row(a, width, &number);
	a->top = follow(a->top, number, rows);
	return true;
}

void area_set(struct area *a, const char *text)
{
	const char *at = text;
	size_t len = 0;

	while (*at && len == (size_t)(at - text)) {
		text_decode(&at);
		if (at - text <= AREA_MAX)
			len = (size_t)(at - text);
	}
	*a = (struct area){ .cursor = len };
	memcpy(a->text, text, len);
}

void area_draw(const struct area *a, struct grid *g, struct rect r)
{
	struct row row = cursor_row(a, r.cols, &g->cursor_row);
	int top = follow(a->top, g->cursor_row, r.rows), number = 0;

	draw_fill(g, r, STYLE_FIELD_FOCUS);
	g->cursor_row += r.row - top;
	g->cursor_col = r.col + cells_between(row.begin, a->text + a->cursor);
	row = row_at(a->text, r.cols);
	for (; number < top + r.rows; number++, row = row_at(row.next, r.cols)) {
		const char *at = row.begin;

		for (int col = 0; number >= top && at < row.end; col++)
			grid_put(g, r.row + number - top, r.col + col, text_decode(&at),
				 STYLE_FIELD_FOCUS);
		if (!goes_on(&row))
			break;
	}
	draw_more(g, r, top > 0, number == top + r.rows);
}
