// SPDX-License-Identifier: Apache-2.0
/* Login: who is at the console. */
#include "dcui/screens/screens.h"

#include <stdio.h>

#define LABEL 13
#define WIDTH 54

static void enter(struct model *m)
{
	field_set(&m->login.user, "root");
	field_wipe(&m->login.password);
	m->login.focus = 1;
	m->login.message[0] = '\0';
}

static void leave(struct model *m)
{
	field_wipe(&m->login.user);
	field_wipe(&m->login.password);
}

static const char *introduction(const struct model *m)
{
	if (m->facts.password_set == NO)
		return "The password of root is not set: this appliance is new. On this console "
		       "root logs in without one. Press <Enter>, then set a password.";
	return "Log in with an administrator's account of this host.";
}

static void render(const struct model *m, struct grid *g)
{
	const struct login *l = &m->login;
	int intro = draw_wrapped_rows(introduction(m), WIDTH);
	int message = draw_wrapped_rows(l->message, WIDTH);
	struct rect r = draw_dialog(g, intro + 3 + (message ? message + 1 : 0), WIDTH, "Log In",
				    "<Enter> OK   <Esc> Cancel");

	r.row += draw_wrapped(g, r, STYLE_DIALOG, introduction(m)) + 1;
	for (int i = 0; i < 2; i++) {
		const struct field *f = i ? &l->password : &l->user;

		draw_input(g, r.row + i, r.col, LABEL, WIDTH - LABEL,
			   &(struct input){ .label = i ? "Password:" : "Login name:",
					    .value = f->value,
					    .cursor = f->cursor,
					    .secret = i == 1,
					    .focus = l->focus == i });
	}
	r.row += 3;
	r.rows = message;
	draw_wrapped(g, r, STYLE_ALERT, l->message);
}

static enum action handle(struct key key, struct model *m)
{
	struct login *l = &m->login;

	switch (key.code) {
	case KEY_TAB:
	case KEY_BACKTAB:
	case KEY_UP:
	case KEY_DOWN:
		l->focus = !l->focus;
		return ACTION_NONE;
	case KEY_ENTER:
		if (l->focus == 0) {
			l->focus = 1;
			return ACTION_NONE;
		}
		l->message[0] = '\0';
		if (l->user.value[0])
			return ACTION_LOGIN;
		snprintf(l->message, sizeof(l->message), "Give a login name.");
		l->focus = 0;
		return ACTION_NONE;
	default:
		break;
	}
	if (field_handle(l->focus ? &l->password : &l->user, key))
		return ACTION_NONE;
	return ACTION_IGNORED;
}

const struct screen screen_login = {
	.dialog = true,
	.help = "The accounts are those of the management page. After several wrong passwords in "
		"a row an account is locked out for a while, here and there.\n\n"
		"<Tab>    the other field\n<Ctrl-U> empties a field\n<Esc>    back\n\n"
		"As long as root has no password, root may log in here without one, and only "
		"here: whoever stands at the console of a new appliance sets it up.",
	.render = render,
	.handle = handle,
	.enter = enter,
	.leave = leave,
};
