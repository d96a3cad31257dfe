// SPDX-License-Identifier: Apache-2.0
/* Values that are typed; Enter in the last field does what the dialog says. Grants the change. */
#include "dcui/screens/screens.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 60
#define LABEL 12

static void render(const struct model *m, struct grid *g)
{
	const struct form *f = &m->form;
	int text = draw_wrapped_rows(f->text, WIDTH),
	    message = draw_wrapped_rows(f->message, WIDTH);
	struct rect r = draw_dialog(g, text + 1 + f->count + message, WIDTH, f->title,
				    "<Enter> Do it   <Esc> Cancel");

	r.row += draw_wrapped(g, r, STYLE_DIALOG, f->text) + 1;
	for (int i = 0; i < f->count; i++)
		draw_input(g, r.row++, r.col, LABEL, WIDTH - LABEL,
			   &(struct input){ .label = f->label[i],
					    .value = f->field[i].value,
					    .cursor = f->field[i].cursor,
					    .focus = f->focus == i });
	r.rows = message;
	draw_wrapped(g, r, STYLE_ALERT, f->message);
}

/* Whole numbers only; what is too large for the operation it says itself. */
static bool take_number(const struct form *f, json_int_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(f->field[0].value, &end, 10);
	return end != f->field[0].value && !*end && !errno && *number >= 0 &&
	       *number <= INT64_MAX / f->factor;
}

static bool take_one(struct model *m)
{
	struct form *f = &m->form;
	json_int_t number = 0;

	if (f->factor && !take_number(f, &number)) {
		snprintf(f->message, sizeof(f->message), "Give a whole number.");
		return false;
	}
	json_object_set_new(m->change.params, f->key,
			    f->factor ? json_integer(number * f->factor)
				      : json_string(f->field[0].value));
	return true;
}

static enum action submit(struct model *m)
{
	m->form.message[0] = '\0';
	if (!(m->form.take ? m->form.take : take_one)(m))
		return ACTION_NONE;
	m->granted = ACTION_CHANGE;
	return ACTION_CHANGE;
}

static enum action handle(struct key key, struct model *m)
{
	struct form *f = &m->form;
	int step = key.code == KEY_TAB || key.code == KEY_DOWN	   ? 1
		   : key.code == KEY_BACKTAB || key.code == KEY_UP ? f->count - 1
								   : 0;

	if (key.code == KEY_ENTER && f->focus == f->count - 1)
		return submit(m);
	if (key.code == KEY_ENTER)
		step = 1;
	if (step) {
		f->focus = (f->focus + step) % f->count;
		return ACTION_NONE;
	}
	return field_handle(&f->field[f->focus], key) ? ACTION_NONE : ACTION_IGNORED;
}

static void leave(struct model *m)
{
	for (int i = 0; i < m->form.count; i++)
		field_wipe(&m->form.field[i]);
}

void form_begin(struct model *m, const char *title, const char *fmt, ...)
{
	va_list ap;

	m->form = (struct form){ 0 };
	snprintf(m->form.title, sizeof(m->form.title), "%s", title);
	va_start(ap, fmt);
	vsnprintf(m->form.text, sizeof(m->form.text), fmt, ap);
	va_end(ap);
}

void form_field(struct model *m, const char *label, const char *value)
{
	struct form *f = &m->form;

	snprintf(f->label[f->count], sizeof(f->label[0]), "%s", label);
	field_set(&f->field[f->count++], value);
}

enum action form_open(struct model *m)
{
	ui_push(m, SCREEN_FORM);
	return ACTION_NONE;
}

const struct screen screen_form = {
	.dialog = true,
	.help = "Type the value. <Enter> in the last field does what the dialog says, <Tab> goes "
		"to "
		"the next field, <Ctrl-U> empties one, <Esc> leaves all as it is.",
	.render = render,
	.handle = handle,
	.leave = leave,
};
