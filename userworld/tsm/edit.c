// SPDX-License-Identifier: Apache-2.0
#include "edit.h"

#include <stdio.h>
#include <string.h>

#define CTRL(c) ((c)&0x1f)
#define ESCAPE 0x1b
#define CLEAR_LINE "\r\x1b[K"

void screen_put(struct screen *s, const char *data, size_t len)
{
	if (len > sizeof(s->data) - s->len)
		len = sizeof(s->data) - s->len;
	memcpy(s->data + s->len, data, len);
	s->len += len;
}

void screen_puts(struct screen *s, const char *text)
{
	screen_put(s, text, strlen(text));
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Columns of a text: a character each, escape sequences none. */
static size_t columns(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == ESCAPE) {
			while (i + 1 < len && !((text[i] >= 'A' && text[i] <= 'Z') ||
						(text[i] >= 'a' && text[i] <= 'z')))
				i++;
		} else if (!continues(text[i]) && (unsigned char)text[i] >= ' ') {
			n++;
		}
	}
	return n;
}

static size_t before(const struct edit *e, size_t at)
{
	while (at > 0 && continues(e->line[--at]))
		;
	return at;
}

static size_t behind(const struct edit *e, size_t at)
{
	while (at < e->len && continues(e->line[++at]))
		;
	return at < e->len ? at : e->len;
}

/* A line that is wider than the terminal is shown from so far on that the cursor is seen. */
void edit_show(const struct edit *e, struct screen *out)
{
	size_t room = e->cols > columns(e->prompt, strlen(e->prompt)) + 8
			      ? e->cols - columns(e->prompt, strlen(e->prompt)) - 1
			      : 40;
	size_t from = 0, to = e->len, left;
	char move[24];

	while (columns(e->line + from, e->at - from) > room)
		from = behind(e, from);
	while (columns(e->line + from, to - from) > room)
		to = before(e, to);
	screen_puts(out, CLEAR_LINE);
	screen_puts(out, e->prompt);
	screen_put(out, e->line + from, to - from);
	left = columns(e->line + e->at, to - e->at);
	if (left) {
		snprintf(move, sizeof(move), "\x1b[%zuD", left);
		screen_puts(out, move);
	}
}

static void remove_part(struct edit *e, size_t from, size_t to)
{
	memmove(e->line + from, e->line + to, e->len - to + 1);
	e->len -= to - from;
	e->at = from;
}

void edit_insert(struct edit *e, const char *text, struct screen *out)
{
	size_t n = strlen(text);

	if (e->len + n > EDIT_LINE_MAX)
		return;
	memmove(e->line + e->at + n, e->line + e->at, e->len - e->at + 1);
	memcpy(e->line + e->at, text, n);
	e->len += n;
	e->at += n;
	/* At the end the terminal shows it by itself, if it fits. */
	if (e->at == e->len &&
	    columns(e->prompt, strlen(e->prompt)) + columns(e->line, e->len) < e->cols)
		screen_puts(out, text);
	else
		edit_show(e, out);
}

static void recall(struct edit *e, unsigned int back)
{
	const char *text = back ? e->history[(e->past - back) % EDIT_HISTORY] : "";

	e->back = back;
	strcpy(e->line, text);
	e->len = e->at = strlen(text);
}

static void word_back(struct edit *e)
{
	size_t from = e->at;

	while (from > 0 && e->line[from - 1] == ' ')
		from--;
	while (from > 0 && e->line[from - 1] != ' ')
		from--;
	remove_part(e, from, e->at);
}

enum move {
	MOVE_NONE,
	MOVE_UP,
	MOVE_DOWN,
	MOVE_LEFT,
	MOVE_RIGHT,
	MOVE_HOME,
	MOVE_END,
	MOVE_DELETE
};

static void do_move(struct edit *e, enum move move)
{
	unsigned int kept = e->past < EDIT_HISTORY ? e->past : EDIT_HISTORY;

	if (move == MOVE_UP && e->back < kept)
		recall(e, e->back + 1);
	else if (move == MOVE_DOWN && e->back)
		recall(e, e->back - 1);
	else if (move == MOVE_LEFT)
		e->at = before(e, e->at);
	else if (move == MOVE_RIGHT)
		e->at = behind(e, e->at);
	else if (move == MOVE_HOME)
		e->at = 0;
	else if (move == MOVE_END)
		e->at = e->len;
	else if (move == MOVE_DELETE && e->at < e->len)
		remove_part(e, e->at, behind(e, e->at));
}

static enum move move_of(const char *sequence)
{
	static const struct {
		const char *sequence;
		enum move move;
	} keys[] = {
		{ "[A", MOVE_UP },   { "OA", MOVE_UP },	   { "[B", MOVE_DOWN },
		{ "OB", MOVE_DOWN }, { "[C", MOVE_RIGHT }, { "OC", MOVE_RIGHT },
		{ "[D", MOVE_LEFT }, { "OD", MOVE_LEFT },  { "[H", MOVE_HOME },
		{ "OH", MOVE_HOME }, { "[1~", MOVE_HOME }, { "[F", MOVE_END },
		{ "OF", MOVE_END },  { "[4~", MOVE_END },  { "[3~", MOVE_DELETE },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].sequence, sequence))
			return keys[i].move;
	return MOVE_NONE;
}

/* Bytes after ESC, until a letter or '~' ends them; unknown keys do nothing. */
static void take_escape(struct edit *e, unsigned char key, struct screen *out)
{
	if (e->escape_len + 1 < sizeof(e->escape))
		e->escape[e->escape_len++] = (char)key;
	if (e->escape_len == 2 && (key == '[' || key == 'O'))
		return;
	if (key < '@' && key >= ' ' && e->escape_len + 1 < sizeof(e->escape))
		return;
	e->escape[e->escape_len] = '\0';
	do_move(e, move_of(e->escape + 1));
	e->escape_len = 0;
	edit_show(e, out);
}

static enum edit_result control_key(struct edit *e, unsigned char key, struct screen *out)
{
	switch (key) {
	case CTRL('A'):
		do_move(e, MOVE_HOME);
		break;
	case CTRL('B'):
		do_move(e, MOVE_LEFT);
		break;
	case CTRL('E'):
		do_move(e, MOVE_END);
		break;
	case CTRL('F'):
		do_move(e, MOVE_RIGHT);
		break;
	case CTRL('N'):
		do_move(e, MOVE_DOWN);
		break;
	case CTRL('P'):
		do_move(e, MOVE_UP);
		break;
	case CTRL('K'):
		e->line[e->len = e->at] = '\0';
		break;
	case CTRL('U'):
		remove_part(e, 0, e->at);
		break;
	case CTRL('W'):
		word_back(e);
		break;
	case CTRL('L'):
		screen_puts(out, "\x1b[H\x1b[2J");
		break;
	case CTRL('H'):
	case 0x7f:
		remove_part(e, before(e, e->at), e->at);
		break;
	default:
		return EDIT_GOES_ON;
	}
	edit_show(e, out);
	return EDIT_GOES_ON;
}

enum edit_result edit_key(struct edit *e, unsigned char key, struct screen *out)
{
	char text[2] = { (char)key, '\0' };

	if (e->escape_len) {
		take_escape(e, key, out);
		return EDIT_GOES_ON;
	}
	if (key == '\r' || key == '\n') {
		screen_puts(out, "\r\n");
		return EDIT_DONE;
	}
	if (key == '\t')
		return EDIT_COMPLETE;
	if (key == CTRL('C') || key == CTRL('\\') || key == CTRL('Z'))
		return EDIT_CONTROL;
	if (key == CTRL('D') && !e->len)
		return EDIT_CONTROL;
	if (key == CTRL('D')) {
		do_move(e, MOVE_DELETE);
		edit_show(e, out);
		return EDIT_GOES_ON;
	}
	if (key == ESCAPE) {
		e->escape[e->escape_len++] = ESCAPE;
		return EDIT_GOES_ON;
	}
	if (key < ' ' || key == 0x7f)
		return control_key(e, key, out);
	edit_insert(e, text, out);
	return EDIT_GOES_ON;
}

void edit_next(struct edit *e, bool keep)
{
	const char *last = e->past ? e->history[(e->past - 1) % EDIT_HISTORY] : "";

	if (keep && e->len && strcmp(last, e->line))
		strcpy(e->history[e->past++ % EDIT_HISTORY], e->line);
	e->line[0] = '\0';
	e->len = e->at = 0;
	e->back = 0;
	e->prompt[0] = '\0';
}

void edit_output(struct edit *e, const char *data, size_t len, struct screen *out)
{
	size_t have = strlen(e->prompt);

	if (e->len)
		screen_puts(out, CLEAR_LINE);
	screen_put(out, data, len);
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n' || data[i] == '\r')
			have = 0;
		else if (have < EDIT_PROMPT_MAX)
			e->prompt[have++] = data[i];
	}
	e->prompt[have] = '\0';
	if (e->len)
		edit_show(e, out);
}
