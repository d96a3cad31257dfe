// SPDX-License-Identifier: Apache-2.0
/* One value that is typed; Enter does what the dialog says. Grants the change. */
#include "dcui/screens/screens.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 60
#define LABEL 12

static void render(const struct model *m, struct grid *g)
{
	const struct value *v = &m->value;
	int text = draw_wrapped_rows(v->text, WIDTH),
	    message = draw_wrapped_rows(v->message, WIDTH);
	struct rect r =
		draw_dialog(g, text + 2 + message, WIDTH, v->title, "<Enter> Do it   <Esc> Cancel");

	r.row += draw_wrapped(g, r, STYLE_DIALOG, v->text) + 1;
	draw_input(g, r.row, r.col, LABEL, WIDTH - LABEL,
		   &(struct input){ .label = v->label,
				    .value = v->field.value,
				    .cursor = v->field.cursor,
				    .focus = true });
	r.row++;
	r.rows = message;
	draw_wrapped(g, r, STYLE_ALERT, v->message);
}

/* Whole numbers only; what is too large for the operation it says itself. */
static bool take_number(const struct value *v, json_int_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(v->field.value, &end, 10);
	return end != v->field.value && !*end && !errno && *number >= 0 &&
	       *number <= INT64_MAX / v->factor;
}

static enum action handle(struct key key, struct model *m)
{
	struct value *v = &m->value;
	json_int_t number = 0;
	json_t *value;

	if (key.code != KEY_ENTER)
		return field_handle(&v->field, key) ? ACTION_NONE : ACTION_IGNORED;
	if (v->factor && !take_number(v, &number)) {
		snprintf(v->message, sizeof(v->message), "Give a whole number.");
		return ACTION_NONE;
	}
	value = v->factor ? json_integer(number * v->factor) : json_string(v->field.value);
	json_object_set_new(m->change.params, v->key, value);
	m->granted = ACTION_CHANGE;
	return ACTION_CHANGE;
}

static void enter(struct model *m)
{
	m->value.message[0] = '\0';
}

static void leave(struct model *m)
{
	field_wipe(&m->value.field);
}

const struct screen screen_value = {
	.dialog = true,
	.help = "Type the value. <Enter> does what the dialog says, <Ctrl-U> empties the field, "
		"<Esc> leaves all as it is.",
	.render = render,
	.handle = handle,
	.enter = enter,
	.leave = leave,
};
