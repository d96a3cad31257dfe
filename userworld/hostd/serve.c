// SPDX-License-Identifier: Apache-2.0
/* The executor's answers: who asks, sessions, and where the rest is done. */
#include "serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "userworld/core/account/role.h"
#include "worker.h"

static void end(struct serving *s)
{
	ask_wipe(&s->ask);
	explicit_bzero(&s->auth, sizeof(s->auth));
	json_decref(s->ask.params);
	free(s);
}

void serve_give(struct serving *s, json_t *result)
{
	if (s->to.end)
		asker_give(&s->to, result);
	end(s);
}

void serve_fail(struct serving *s, int status, const struct err *e)
{
	if (s->to.end)
		asker_fail(&s->to, status, e);
	end(s);
}

void serve_actor(const struct serving *s)
{
	core_set_caller(s->auth.user, s->auth.role, s->auth.local ? NULL : s->ask.from);
}

bool serve_may(struct serving *s, const char *op)
{
	const struct core_op *wanted = core_find(op);
	struct err e = ERR_INIT;

	if (wanted && core_allowed(wanted, s->auth.role))
		return true;
	err_set(&e, ERR_DENIED, "%s may not do that: the role is %s, see docs/access.md",
		s->auth.user, role_name(s->auth.role));
	core_audit_refused(wanted, s->ask.params, &e);
	serve_fail(s, 0, &e);
	return false;
}

static void after_verify(void *context, json_t *result, const struct err *e)
{
	struct serving *s = context;

	if (!result) {
		if (s->ask.type == ASK_LOGIN)
			log_warnx("login of %s from %s: %s", s->auth.user, s->ask.from, e->text);
		serve_fail(s, 0, e);
		return;
	}
	auth_verified(&s->auth, result);
	if (s->ask.type != ASK_LOGIN)
		auth_remember(s->x, &s->ask.proof);
	ask_wipe(&s->ask);
	s->next(s);
}

static void verify(struct serving *s)
{
	struct err e = ERR_INIT;
	json_t *params = auth_login_params(s->x, &s->ask.proof, &e);

	/* Who it is has yet to be shown; the audit log has the name among the parameters. */
	core_set_caller("?", CORE_NOBODY, s->ask.from);
	if (!params || worker_start(auth_login_job, NULL, params, -1, after_verify, s, &e) < 0)
		serve_fail(s, 0, &e);
	json_decref(params);
}

static void authenticate(struct serving *s)
{
	struct err e = ERR_INIT;

	enum auth_result found = auth_find(s->x, &s->ask, &s->auth, &e);

	s->ask.proof.certificate = NULL; /* was its asker's */
	switch (found) {
	case AUTH_OK:
		s->next(s);
		return;
	case AUTH_VERIFY:
		verify(s);
		return;
	case AUTH_NONE:
		if (e.kind == ERR_NONE)
			err_set(&e, ERR_AUTH, "log in first");
		serve_fail(s, 0, &e);
	}
}

static void opened(struct serving *s)
{
	char token[SESSION_TOKEN + 1];
	json_t *answer;

	log_info("user %s logged in from %s", s->auth.user, s->ask.from);
	auth_open(s->x, s->auth.user, token);
	answer =
		json_pack("{s:s, s:s, s:s, s:I}", "token", token, "user", s->auth.user, "role",
			  role_name(s->auth.role), "idle_seconds", (json_int_t)s->x->sessions.idle);
	serve_give(s, answer);
	json_decref(answer);
}

static void log_in(struct serving *s)
{
	struct err e = ERR_INIT;

	auth_refresh(s->x);
	snprintf(s->auth.user, sizeof(s->auth.user), "%s", s->ask.proof.user);
	s->next = opened;
	if (s->ask.proof.kind == PROOF_PASSWORD && *s->ask.proof.user) {
		verify(s);
		return;
	}
	err_set(&e, ERR_USAGE, "the body must have user and password");
	serve_fail(s, 0, &e);
}

static void log_out(struct serving *s)
{
	json_t *nothing = json_null();

	if (s->auth.token[0])
		session_end(&s->x->sessions, s->auth.token);
	serve_give(s, nothing);
}

/* A development image lets root in without a password as long as there is none. */
static bool is_open(const struct executor *x)
{
	struct err e = ERR_INIT;

	return x->development && auth_password_is_set("root", &e) == 0;
}

static void tell_who(struct serving *s)
{
	const char *user = *s->auth.user ? s->auth.user : NULL;
	json_t *idle = user ? json_integer((json_int_t)s->x->sessions.idle) : NULL;
	json_t *answer = json_pack("{s:s?, s:s?, s:o?, s:b, s:b}", "user", user, "role",
				   user ? role_name(s->auth.role) : NULL, "idle_seconds", idle,
				   "development", s->x->development, "open", is_open(s->x));

	serve_give(s, answer);
	json_decref(answer);
}

/* Nobody is an answer; a wrong password is none. */
static void who(struct serving *s)
{
	enum auth_result found = auth_find(s->x, &s->ask, &s->auth, NULL);

	s->ask.proof.certificate = NULL;
	s->next = tell_who;
	if (found == AUTH_VERIFY) {
		verify(s);
		return;
	}
	if (found == AUTH_NONE)
		s->auth.user[0] = '\0';
	tell_who(s);
}

static struct serving *new_serving(struct executor *x, const struct ask *ask,
				   const struct asker *to)
{
	struct serving *s = calloc(1, sizeof(*s));

	if (!s)
		log_fatalx("out of memory"); /* the supervisor starts us again */
	s->x = x;
	s->ask = *ask;
	s->to = *to;
	json_incref(s->ask.params);
	return s;
}

void serve_ask(void *executor, const struct ask *ask, const struct asker *to)
{
	struct executor *x = executor;
	struct serving *s = new_serving(x, ask, to);
	struct err e = ERR_INIT;

	if (x->ending) {
		err_set(&e, ERR_UNAVAILABLE, "hostd is ending");
		serve_fail(s, 0, &e);
		return;
	}
	switch (ask->type) {
	case ASK_WHO:
		who(s);
		return;
	case ASK_LOGIN:
		log_in(s);
		return;
	case ASK_LOGOUT:
		s->next = log_out;
		break;
	case ASK_CALL:
		s->next = serve_call;
		break;
	case ASK_UPLOAD:
		s->next = serve_upload;
		break;
	default:
		err_set(&e, ERR_INVALID, "no such message");
		serve_fail(s, 0, &e);
		return;
	}
	authenticate(s);
}
