// SPDX-License-Identifier: Apache-2.0
/* Sessions: log in, log out, who am I. */
#include "login.h"

#include <stdio.h>
#include <string.h>

#include "proof.h"
#include "reply.h"

static void set_cookie(struct call *c, const char *token, int age)
{
	char text[256];

	if (!c->request)
		return;
	snprintf(text, sizeof(text),
		 PROOF_COOKIE "=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Strict", token,
		 age);
	reply_header(c->request, "Set-Cookie", text);
}

static void after_login(void *context, const struct outcome *o)
{
	struct call *c = context;

	if (o->e) {
		call_fail(c, o->status, o->e);
		return;
	}
	set_cookie(c, json_string_value(json_object_get(o->result, "token")) ?: "", SESSION_LIFE);
	call_answer(c, 201, o->result);
}

static int read_login(struct call *c, struct err *e)
{
	struct proof *p = &c->ask.proof;
	const char *user, *password;
	json_t *body = NULL;

	if (call_body(c, &body, e) < 0)
		return -1;
	user = json_string_value(json_object_get(body, "user"));
	password = json_string_value(json_object_get(body, "password"));
	if (!user || !password || !*user || strlen(user) > SESSION_USER ||
	    strlen(password) > ASK_SECRET_MAX) {
		json_decref(body);
		return err_set(e, ERR_USAGE, "the body must have user and password");
	}
	p->kind = PROOF_PASSWORD;
	strcpy(p->user, user);
	strcpy(p->secret, password);
	json_decref(body);
	return 0;
}

static void ask(struct call *c, enum ask_type type,
		void (*end)(void *context, const struct outcome *outcome))
{
	const struct asker to = { .end = end, .context = c };

	c->ask.type = type;
	c->f->ask(c->f->executor, &c->ask, &to);
}

static void log_in(struct call *c)
{
	struct err e = ERR_INIT;

	if (read_login(c, &e) < 0)
		call_fail(c, 0, &e);
	else
		ask(c, ASK_LOGIN, after_login);
}

static void after_logout(void *context, const struct outcome *o)
{
	struct call *c = context;

	if (o->e) {
		call_fail(c, o->status, o->e);
		return;
	}
	set_cookie(c, "", 0);
	call_answer(c, 204, json_null());
}

static void log_out(struct call *c)
{
	if (call_own_site(c))
		ask(c, ASK_LOGOUT, after_logout);
}

static void after_who(void *context, const struct outcome *o)
{
	if (o->e)
		call_fail(context, o->status, o->e);
	else
		call_answer(context, HTTP_OK, o->result);
}

/* Without login as well: the page has to know what to show. */
static void who_am_i(struct call *c)
{
	ask(c, ASK_WHO, after_who);
}

void login_request(struct call *c)
{
	struct err e = ERR_INIT;

	if (strcmp(c->path, LOGIN_PATH) != 0) {
		err_set(&e, ERR_NOT_FOUND, "%.200s: no such resource", c->path);
		call_fail(c, 0, &e);
	} else if (!strcmp(c->method, "POST")) {
		log_in(c);
	} else if (!strcmp(c->method, "GET")) {
		who_am_i(c);
	} else if (!strcmp(c->method, "DELETE")) {
		log_out(c);
	} else {
		reply_header(c->request, "Allow", "GET, POST, DELETE");
		err_set(&e, ERR_USAGE, "%.200s allows GET, POST, DELETE", c->path);
		call_fail(c, HTTP_BADMETHOD, &e);
	}
}
