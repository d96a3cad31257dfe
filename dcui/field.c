// SPDX-License-Identifier: Apache-2.0
/* Editing a line, moving in a list. */
#include "dcui/field.h"
#include "dcui/text.h"

#include <stdio.h>
#include <string.h>

static void insert(struct field *f, uint32_t ch)
{
	size_t len = strlen(f->value), at = text_offset(f->value, f->cursor);
	char utf8[TEXT_UTF8_MAX];
	size_t n = text_encode(ch, utf8);

	if (text_width(f->value) >= FIELD_MAX)
		return;
	memmove(f->value + at + n, f->value + at, len - at + 1);
	memcpy(f->value + at, utf8, n);
	f->cursor++;
}

static void erase(struct field *f)
{
	size_t at = text_offset(f->value, f->cursor);
	size_t next = text_offset(f->value, f->cursor + 1);
	size_t len = strlen(f->value);

	memmove(f->value + at, f->value + next, len - next + 1);
	explicit_bzero(f->value + len - (next - at), next - at);
}

static bool edit(struct field *f, struct key key)
{
	switch (key.code) {
	case KEY_BACKSPACE:
		if (f->cursor > 0) {
			f->cursor--;
			erase(f);
		}
		return true;
	case KEY_DELETE:
		erase(f);
		return true;
	case KEY_CTRL:
		if (key.ch != 'u')
			return false;
		field_wipe(f);
		return true;
	case KEY_CHAR:
		if (text_printable(key.ch))
			insert(f, key.ch);
		return true;
	default:
		return false;
	}
}

bool field_handle(struct field *f, struct key key)
{
	int width = text_width(f->value);

	switch (key.code) {
	case KEY_LEFT:
		f->cursor -= f->cursor > 0;
		return true;
	case KEY_RIGHT:
		f->cursor += f->cursor < width;
		return true;
	case KEY_HOME:
		f->cursor = 0;
		return true;
	case KEY_END:
		f->cursor = width;
		return true;
	default:
		return edit(f, key);
	}
}

void field_set(struct field *f, const char *value)
{
	field_wipe(f);
	snprintf(f->value, sizeof(f->value), "%s", value);
	f->cursor = text_width(f->value);
}

void field_wipe(struct field *f)
{
	explicit_bzero(f, sizeof(*f));
}

/* How far a key moves in "count" rows; false if it is none of these keys. */
static bool movement(struct key key, int count, int visible, int *by)
{
	int page = visible > 1 ? visible - 1 : 1;

	switch (key.code) {
	case KEY_UP:
		*by = -1;
		return true;
	case KEY_DOWN:
		*by = 1;
		return true;
	case KEY_PAGE_UP:
		*by = -page;
		return true;
	case KEY_PAGE_DOWN:
		*by = page;
		return true;
	case KEY_HOME:
		*by = -count;
		return true;
	case KEY_END:
		*by = count;
		return true;
	default:
		return false;
	}
}

static void clamp_top(int *top, int count, int visible)
{
	if (*top > count - visible)
		*top = count - visible;
	if (*top < 0)
		*top = 0;
}

void list_clamp(struct list *l, int count, int visible)
{
	if (l->chosen >= count)
		l->chosen = count - 1;
	if (l->chosen < 0)
		l->chosen = 0;
	if (l->top > l->chosen)
		l->top = l->chosen;
	if (l->top < l->chosen - visible + 1)
		l->top = l->chosen - visible + 1;
	clamp_top(&l->top, count, visible);
}

bool list_handle(struct list *l, struct key key, int count, int visible)
{
	int by;

	if (!movement(key, count, visible, &by))
		return false;
	l->chosen += by;
	list_clamp(l, count, visible);
	return true;
}

bool scroll_handle(int *top, struct key key, int count, int visible)
{
	int by;

	if (!movement(key, count, visible, &by))
		return false;
	*top += by;
	clamp_top(top, count, visible);
	return true;
}
