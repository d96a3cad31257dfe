// SPDX-License-Identifier: Apache-2.0
/* Lists of what the host has. */
#include "dcui/table.h"
#include "dcui/draw.h"
#include "dcui/screens/screens.h"

#include <string.h>

const char *table_text(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text ? text : "";
}

json_int_t table_number(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static int row_count(const struct table *t)
{
	return (int)json_array_size(t->rows);
}

static int visible_rows(const struct table_spec *spec, struct rect area)
{
	return area.rows - 2 - (spec->detail_rows ? spec->detail_rows + 1 : 0);
}

static const json_t *chosen_row(const struct table *t)
{
	return json_array_get(t->rows, (size_t)t->list.chosen);
}

static void render_row(const struct table_spec *spec, struct grid *g, struct rect r, int row,
		       const json_t *value, bool chosen)
{
	char text[TABLE_ROW] = "";
	enum style style = spec->row(value, text);

	if (chosen)
		style = STYLE_SELECTED;
	draw_fill(g, (struct rect){ row, r.col, 1, r.cols }, style);
	draw_textf(g, row, r.col, r.cols, style, " %s", text);
}

static void render_details(const struct table_spec *spec, const struct table *t, struct grid *g,
			   struct rect r)
{
	struct page p = { 0 };

	spec->details(t, chosen_row(t), &p);
	r.row += r.rows - spec->detail_rows;
	r.rows = spec->detail_rows;
	page_draw(&p, g, r, 0);
}

static void render_empty(const struct table_spec *spec, const struct table *t, struct grid *g,
			 struct rect r)
{
	r.row += 1;
	r.rows -= 1;
	if (t->why[0])
		draw_wrapped(g, r, STYLE_BAD, t->why);
	else if (t->loaded)
		draw_wrapped(g, r, STYLE_BODY, spec->empty);
}

void table_render(const struct table_spec *spec, const struct table *t, const struct model *m,
		  struct grid *g)
{
	struct rect r = screen_frame(m, g, spec->title, spec->footer);
	int visible = visible_rows(spec, r), count = row_count(t);
	struct table now = *t;

	if (!count) {
		render_empty(spec, t, g, r);
		return;
	}
	list_clamp(&now.list, count, visible);
	draw_textf(g, r.row, r.col, r.cols, STYLE_STRONG, " %s", spec->heading);
	if (spec->details)
		render_details(spec, &now, g, r);
	r.row += 2;
	r.rows = visible;
	for (int i = 0; i < visible && now.list.top + i < count; i++)
		render_row(spec, g, r, r.row + i,
			   json_array_get(t->rows, (size_t)(now.list.top + i)),
			   now.list.top + i == now.list.chosen);
	draw_more(g, r, now.list.top > 0, now.list.top + visible < count);
}

static void read_into(struct model *m, const struct table_spec *spec, struct table *t)
{
	m->reading.op = spec->op;
	m->reading.key = spec->key;
	m->reading.into = t;
	json_decref(m->reading.params);
	m->reading.params = spec->params ? spec->params(t) : NULL;
}

enum action table_handle(const struct table_spec *spec, struct table *t, struct key key,
			 struct model *m)
{
	int visible = visible_rows(spec, screen_area(m)), count = row_count(t);

	read_into(m, spec, t);
	if (key_is(key, 'r') || key_is(key, 'R'))
		return ACTION_READ;
	list_clamp(&t->list, count, visible);
	if (list_handle(&t->list, key, count, visible))
		return ACTION_NONE;
	return spec->handle ? spec->handle(key, m, chosen_row(t)) : ACTION_IGNORED;
}

enum action table_open(struct model *m, enum screen_id id, const struct table_spec *spec,
		       struct table *t)
{
	int depth = m->depth;

	ui_push(m, id);
	if (m->depth == depth)
		return ACTION_NONE;
	table_clear(t);
	t->list = (struct list){ 0 };
	read_into(m, spec, t);
	return ACTION_READ;
}

void table_clear(struct table *t)
{
	json_decref(t->rows);
	t->rows = NULL;
	t->loaded = false;
	t->why[0] = '\0';
}
