// SPDX-License-Identifier: Apache-2.0
/* Configure password: old, new, new again. */
#include "dcui/screens/screens.h"

#include <stdio.h>
#include <string.h>

#define LABEL 15
#define WIDTH 54

static const char rules[] = "At least 8 characters, not the account's name, not one character "
			    "repeated.";

/* Nobody can give an old password where none has been set. */
static int first_field(const struct model *m)
{
	return m->facts.password_set == NO && !strcmp(m->user, "root") ? 1 : 0;
}

static void enter(struct model *m)
{
	for (int i = 0; i < PASSWORD_FIELDS; i++)
		field_wipe(&m->password.field[i]);
	m->password.message[0] = '\0';
	m->password.focus = first_field(m);
}

static void leave(struct model *m)
{
	for (int i = 0; i < PASSWORD_FIELDS; i++)
		field_wipe(&m->password.field[i]);
}

static void render(const struct model *m, struct grid *g)
{
	static const char *const labels[] = { "Old password:", "New password:", "Repeat new:" };
	const struct password *p = &m->password;
	int message = draw_wrapped_rows(p->message, WIDTH), first = first_field(m);
	char intro[256];
	struct rect r;

	snprintf(intro, sizeof(intro), "New password for %.32s. %s", m->user, rules);
	r = draw_dialog(g,
			draw_wrapped_rows(intro, WIDTH) + 1 + PASSWORD_FIELDS - first +
				(message ? message + 1 : 0),
			WIDTH, "Configure Password", "<Enter> OK   <Esc> Cancel");
	r.row += draw_wrapped(g, r, STYLE_DIALOG, intro) + 1;
	for (int i = first; i < PASSWORD_FIELDS; i++)
		draw_input(g, r.row++, r.col, LABEL, WIDTH - LABEL,
			   &(struct input){ .label = labels[i],
					    .value = p->field[i].value,
					    .cursor = p->field[i].cursor,
					    .secret = true,
					    .focus = p->focus == i });
	r.row++;
	r.rows = message;
	draw_wrapped(g, r, STYLE_ALERT, p->message);
}

static void complain(struct password *p, int focus, const char *text)
{
	p->focus = focus;
	snprintf(p->message, sizeof(p->message), "%s", text);
}

static enum action submit(struct password *p)
{
	p->message[0] = '\0';
	if (!p->field[1].value[0]) {
		complain(p, 1, "Give a new password.");
		return ACTION_NONE;
	}
	if (strcmp(p->field[1].value, p->field[2].value) != 0) {
		field_wipe(&p->field[2]);
		complain(p, 2, "The new passwords differ. Repeat the new password.");
		return ACTION_NONE;
	}
	return ACTION_SET_PASSWORD;
}

static enum action handle(struct key key, struct model *m)
{
	struct password *p = &m->password;
	int first = first_field(m), last = PASSWORD_FIELDS - 1;

	if (p->focus < first)
		p->focus = first;
	switch (key.code) {
	case KEY_TAB:
	case KEY_DOWN:
		p->focus = p->focus == last ? first : p->focus + 1;
		return ACTION_NONE;
	case KEY_BACKTAB:
	case KEY_UP:
		p->focus = p->focus == first ? last : p->focus - 1;
		return ACTION_NONE;
	case KEY_ENTER:
		if (p->focus == last)
			return submit(p);
		p->focus++;
		return ACTION_NONE;
	default:
		return field_handle(&p->field[p->focus], key) ? ACTION_NONE : ACTION_IGNORED;
	}
}

const struct screen screen_password = {
	.dialog = true,
	.help = "A password has at least 8 characters, is not the name of the account and not "
		"one character repeated. Long sentences are good passwords.\n\n"
		"<Tab>    next field\n<Ctrl-U> empties a field\n<Enter>  in the last field sets "
		"the password\n<Esc>    leaves the old one as it is",
	.render = render,
	.handle = handle,
	.enter = enter,
	.leave = leave,
};
