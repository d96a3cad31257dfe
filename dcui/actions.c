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

static const struct step_rule *const rules[STEP_COUNT] = {
	[STEP_LOGIN_IS_SET] = &step_login_is_set,
	[STEP_LOGIN_VERIFY] = &step_login_verify,
	[STEP_PASSWORD_IS_SET] = &step_password_is_set,
	[STEP_PASSWORD_VERIFY] = &step_password_verify,
	[STEP_PASSWORD_SET] = &step_password_set,
	[STEP_LOG] = &step_log,
	[STEP_LOG_ELSEWHERE] = &step_log_elsewhere,
	[STEP_LOG_FAILED] = &step_log_failed,
	[STEP_RESTART] = &step_restart,
	[STEP_DISKS] = &step_disks,
	[STEP_DISK_CHECK] = &step_disk_check,
	[STEP_INSTALL] = &step_install,
	[STEP_READ] = &step_read,
	[STEP_CHANGE] = &step_change,
	[STEP_SHUTDOWN] = &step_shutdown,
	[STEP_REBOOT] = &step_reboot,
};

static void start_step(struct performer *p, struct task *t, enum step step)
{
	const struct step_rule *rule = rules[step];
	unsigned int usual = t == &p->front ? FRONT_SECONDS : BACK_SECONDS;

	const char *op = rule->op	     ? rule->op
			 : step == STEP_READ ? p->m->reading.op
					     : p->m->change.op;

	t->step = step;
	t->call = call_start(p->core, op, rule->params(p->m), rule->seconds ? rule->seconds : usual,
			     p->m->now, p->in_process);
}

static void show_percent(struct performer *p, const struct task *t)
{
	if (t == &p->front && t->call)
		p->m->busy_percent = call_percent(t->call);
}

/* Takes a completed step to its end; false when the task is over. */
static bool next_step(struct performer *p, struct task *t)
{
	struct err e = ERR_INIT;
	json_t *result = NULL;
	enum step next;
	int rc;

	show_percent(p, t);
	if (t->call)
		rc = call_finish(t->call, &result, &e);
	else
		rc = err_set(&e, ERR_NO_SPACE, "out of memory");
	t->call = NULL;
	next = rules[t->step]->done(p->m, result, rc < 0 ? &e : NULL);
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
	show_percent(p, t);
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
	case ACTION_LIST_DISKS:
		ui_busy(m, action, "Looking at the disks ...");
		start_step(p, &p->front, STEP_DISKS);
		break;
	case ACTION_CHECK_DISK:
		ui_busy(m, action, "Checking %s and the image ...", m->install.disk.device);
		start_step(p, &p->front, STEP_DISK_CHECK);
		break;
	case ACTION_INSTALL:
		ui_busy(m, action, "Installing to %s ...", m->install.disk.device);
		start_step(p, &p->front, STEP_INSTALL);
		break;
	case ACTION_READ:
		ui_busy(m, action, "Reading ...");
		start_step(p, &p->front, STEP_READ);
		break;
	case ACTION_CHANGE:
		ui_busy(m, action, "%s", m->change.busy);
		start_step(p, &p->front, STEP_CHANGE);
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
	unsigned long long idle = m->now - m->last_key;

	if (ui_abandoned(m))
		log_info("user %s: log out: after %llu s without a key", m->user, idle);
	else
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
		start_step(p, &p->back, p->m->viewer.failed ? STEP_LOG_FAILED : STEP_LOG);
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
