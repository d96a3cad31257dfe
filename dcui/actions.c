// SPDX-License-Identifier: Apache-2.0
/*
 * Actions as sequences of core operations. A step makes the parameters of its
 * operation from the model, and from the outcome decides what comes next.
 */
#include "dcui/actions.h"

#include "log.h"

#include <stdio.h>
#include <string.h>

#define FRONT_SECONDS 45 /* longer than the supervisor takes at most for a restart */
#define BACK_SECONDS 10
#define LOG_LINES 1000

static json_t *named(const char *key, const char *value)
{
	return json_pack("{s:s}", key, value);
}

static json_t *credentials(const char *user, const struct field *password)
{
	return json_pack("{s:s, s:s}", "user", user, "password", password->value);
}

/* Log in: with the password, or without one as long as root has none. */

static json_t *login_user(const struct model *m)
{
	return named("user", m->login.user.value);
}

static json_t *login_credentials(const struct model *m)
{
	return credentials(m->login.user.value, &m->login.password);
}

static enum step let_in(struct model *m)
{
	snprintf(m->user, sizeof(m->user), "%s", m->login.user.value);
	m->logged_in = true;
	log_info("user %s: log in: ok", m->user);
	ui_replace(m, m->login.then);
	return STEP_END;
}

static enum step login_is_set(struct model *m, const json_t *result, const struct err *e)
{
	bool unset = !e && json_is_false(json_object_get(result, "is_set"));

	if (unset && !strcmp(m->login.user.value, "root") && !m->login.password.value[0])
		return let_in(m);
	return STEP_LOGIN_VERIFY; /* whether there is such a user is not to be told apart */
}

static enum step login_verified(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	if (!e)
		return let_in(m);
	log_warnx("user %s: log in: %s", m->login.user.value, e->text);
	ui_sentence(m->login.message, sizeof(m->login.message), e->text);
	field_wipe(&m->login.password);
	m->login.focus = 1;
	return STEP_END;
}

/* Change the password: prove the old one, or that there is none; set the new one. */

static json_t *own_name(const struct model *m)
{
	return named("user", m->user);
}

static json_t *old_credentials(const struct model *m)
{
	return credentials(m->user, &m->password.field[0]);
}

static json_t *new_credentials(const struct model *m)
{
	return credentials(m->user, &m->password.field[1]);
}

static enum step password_refused(struct model *m, int field, const char *text)
{
	log_warnx("user %s: change password: %s", m->user, text);
	ui_sentence(m->password.message, sizeof(m->password.message), text);
	field_wipe(&m->password.field[field]);
	m->password.focus = field;
	return STEP_END;
}

static enum step password_is_set(struct model *m, const json_t *result, const struct err *e)
{
	if (e)
		return password_refused(m, 0, e->text);
	return json_is_false(json_object_get(result, "is_set")) ? STEP_PASSWORD_SET
								: STEP_PASSWORD_VERIFY;
}

static enum step password_verified(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	if (!e)
		return STEP_PASSWORD_SET;
	return password_refused(m, 0,
				e->kind == ERR_AUTH && !m->password.field[0].value[0]
					? "Give the old password."
					: e->text);
}

static enum step password_changed(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	if (e)
		return password_refused(m, 1, e->text);
	log_info("user %s: change password: ok", m->user);
	ui_result(m, true, "Configure Password");
	ui_result_line(m, true, "The password of %s has been changed.", m->user);
	return STEP_END;
}

/* Read a log; one that has no file of its own is part of vmkernel.log. */

static json_t *log_params(const struct model *m)
{
	return json_pack("{s:s, s:i}", "name", m->viewer.log, "lines", LOG_LINES);
}

static json_t *vmkernel_params(const struct model *m)
{
	(void)m;
	return json_pack("{s:s, s:i}", "name", "vmkernel", "lines", 5 * LOG_LINES);
}

static enum step show_log(struct model *m, json_t *lines, const char *message)
{
	struct viewer *v = &m->viewer;

	v->loaded = true;
	v->found = -1;
	ui_sentence(v->message, sizeof(v->message), message);
	if (lines && lines_load(&v->lines, lines) < 0)
		snprintf(v->message, sizeof(v->message), "Not enough memory to show the log.");
	return STEP_END;
}

static enum step log_read(struct model *m, const json_t *result, const struct err *e)
{
	if (e && e->kind == ERR_NOT_FOUND && m->viewer.component[0])
		return STEP_LOG_ELSEWHERE;
	return show_log(m, json_object_get(result, "lines"), e ? e->text : "");
}

static enum step log_read_elsewhere(struct model *m, const json_t *result, const struct err *e)
{
	json_t *all = json_object_get(result, "lines"), *own = json_array(), *line;
	char mark[sizeof(m->viewer.component) + 4];
	size_t i;

	/* "... cpu0:123)hostd: text" and "... hostd[123]: text" */
	json_array_foreach (all, i, line) {
		const char *text = json_string_value(line);

		snprintf(mark, sizeof(mark), ")%s: ", m->viewer.component);
		if (text && strstr(text, mark))
			json_array_append(own, line);
	}
	show_log(m, own, e ? e->text : "");
	json_decref(own);
	return STEP_END;
}

/* Restart agents, one after the other; each has a line in the result. */

static json_t *agent_name(const struct model *m)
{
	return named("name", m->agents.names[m->agents.next]);
}

/* Errors begin with what they are about; here that has been said. */
static const char *skip_name(const char *text, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(text, name, len) && !strncmp(text + len, ": ", 2) ? text + len + 2 : text;
}

static enum step agent_restarted(struct model *m, const json_t *result, const struct err *e)
{
	struct agents *a = &m->agents;
	const char *name = a->names[a->next++];

	(void)result;
	if (e)
		log_warnx("user %s: restart %s: %s", m->user, name, e->text);
	else
		log_info("user %s: restart %s: ok", m->user, name);
	if (a->next == 1)
		ui_result(m, false, "Restart Management Agents");
	ui_result_line(m, !e, "%s: %s", name, e ? skip_name(e->text, name) : "restarted");
	if (a->next == a->count)
		return STEP_END;
	ui_busy(m, ACTION_RESTART_AGENTS, "Restarting %s ...", a->names[a->next]);
	return STEP_RESTART;
}

/* Power. */

static json_t *reason(const struct model *m)
{
	char text[128];

	snprintf(text, sizeof(text), "asked for at the console by %.32s", m->user);
	return named("reason", text);
}

static enum step going_down(struct model *m, const struct err *e, const char *what,
			    const char *title)
{
	char text[UI_MESSAGE];

	ui_result(m, true, title);
	if (e) {
		log_warnx("user %s: %s: %s", m->user, what, e->text);
		ui_sentence(text, sizeof(text), e->text);
		ui_result_line(m, false, "%s", text);
		return STEP_END;
	}
	log_info("user %s: %s: ok", m->user, what);
	ui_result_line(m, true, "All userworlds are being ended. This console goes away soon.");
	return STEP_END;
}

static enum step shut_down(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	return going_down(m, e, "shut down", "Shut Down");
}

static enum step rebooted(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	return going_down(m, e, "restart host", "Restart");
}

static const struct {
	const char *op;
	json_t *(*params)(const struct model *m);
	/* e is NULL if it succeeded. */
	enum step (*done)(struct model *m, const json_t *result, const struct err *e);
} steps[STEP_COUNT] = {
	[STEP_LOGIN_IS_SET] = { "account.password.is_set", login_user, login_is_set },
	[STEP_LOGIN_VERIFY] = { "account.verify", login_credentials, login_verified },
	[STEP_PASSWORD_IS_SET] = { "account.password.is_set", own_name, password_is_set },
	[STEP_PASSWORD_VERIFY] = { "account.verify", old_credentials, password_verified },
	[STEP_PASSWORD_SET] = { "account.password.set", new_credentials, password_changed },
	[STEP_LOG] = { "system.log.tail", log_params, log_read },
	[STEP_LOG_ELSEWHERE] = { "system.log.tail", vmkernel_params, log_read_elsewhere },
	[STEP_RESTART] = { "system.service.restart", agent_name, agent_restarted },
	[STEP_SHUTDOWN] = { "system.shutdown", reason, shut_down },
	[STEP_REBOOT] = { "system.reboot", reason, rebooted },
};

static void start_step(struct performer *p, struct task *t, enum step step)
{
	bool front = t == &p->front;

	t->step = step;
	t->call = call_start(p->core, steps[step].op, steps[step].params(p->m),
			     front ? FRONT_SECONDS : BACK_SECONDS, p->m->now, p->in_process);
}

/* Takes a completed step to its end; false when the task is over. */
static bool next_step(struct performer *p, struct task *t)
{
	struct err e = ERR_INIT;
	json_t *result = NULL;
	enum step next;
	int rc;

	if (t->call)
		rc = call_finish(t->call, &result, &e);
	else
		rc = err_set(&e, ERR_NO_SPACE, "out of memory");
	t->call = NULL;
	next = steps[t->step].done(p->m, result, rc < 0 ? &e : NULL);
	json_decref(result);
	t->step = STEP_END;
	if (next == STEP_END)
		return false;
	start_step(p, t, next);
	return true;
}

static void run_task(struct performer *p, struct task *t)
{
	while (t->step != STEP_END && (!t->call || call_ready(t->call, p->m->now)))
		if (!next_step(p, t) && t == &p->front)
			ui_idle(p->m);
}

void actions_continue(struct performer *p)
{
	run_task(p, &p->front);
	run_task(p, &p->back);
}

static void start_front(struct performer *p, enum action action)
{
	struct model *m = p->m;

	switch (action) {
	case ACTION_LOGIN:
		ui_busy(m, action, "Checking the password ...");
		start_step(p, &p->front, STEP_LOGIN_IS_SET);
		break;
	case ACTION_SET_PASSWORD:
		ui_busy(m, action, "Changing the password ...");
		start_step(p, &p->front,
			   m->password.field[0].value[0] ? STEP_PASSWORD_VERIFY
							 : STEP_PASSWORD_IS_SET);
		break;
	case ACTION_RESTART_AGENTS:
		ui_busy(m, action, "Restarting %s ...", m->agents.names[0]);
		start_step(p, &p->front, STEP_RESTART);
		break;
	case ACTION_SHUTDOWN:
		ui_busy(m, action, "Shutting down ...");
		start_step(p, &p->front, STEP_SHUTDOWN);
		break;
	case ACTION_REBOOT:
		ui_busy(m, action, "Restarting the host ...");
		start_step(p, &p->front, STEP_REBOOT);
		break;
	default:
		break;
	}
}

static void log_out(struct model *m)
{
	log_info("user %s: log out: ok", m->user);
	m->logged_in = false;
	explicit_bzero(m->user, sizeof(m->user));
}

void actions_start(struct performer *p, enum action action)
{
	if (!ui_permit(p->m, action)) {
		log_warnx("%s: refused, not logged in or not confirmed", ui_action_name(action));
		return;
	}
	if (action == ACTION_LOGOUT) {
		log_out(p->m);
	} else if (action == ACTION_READ_LOG) {
		call_cancel(p->back.call);
		p->m->viewer.read_at = p->m->now;
		start_step(p, &p->back, STEP_LOG);
	} else {
		start_front(p, action);
	}
	actions_continue(p);
}

void actions_cancel(struct performer *p)
{
	call_cancel(p->front.call);
	call_cancel(p->back.call);
	p->front = p->back = (struct task){ 0 };
	ui_idle(p->m);
}
