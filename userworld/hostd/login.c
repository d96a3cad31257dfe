// SPDX-License-Identifier: Apache-2.0
/* Sessions: log in, log out, who am I. */
#include "login.h"

#include <stdio.h>
#include <string.h>

#include "log.h"
#include "reply.h"
#include "worker.h"

static void set_cookie(struct call *c, const char *token, int age)
{
	char text[256];

	if (!c->request)
		return;
	snprintf(text, sizeof(text),
		 AUTH_COOKIE "=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Strict", token,
		 age);
	reply_header(c->request, "Set-Cookie", text);
}

static void after_login(void *context, json_t *result, const struct err *e)
{
	char token[SESSION_TOKEN + 1];
	struct call *c = context;
	json_t *answer;

	if (!result) {
		log_warnx("login of %s from the network: %s", c->auth.user, e->text);
		call_fail(c, 0, e);
		return;
	}
	log_info("user %s logged in from the network", c->auth.user);
	auth_open(c->h, c->auth.user, token);
	set_cookie(c, token, SESSION_LIFE);
	answer = json_pack("{s:s, s:s, s:i}", "token", token, "user", c->auth.user, "idle_seconds",
			   SESSION_IDLE);
	call_answer(c, 201, answer);
	json_decref(answer);
}

static int read_login(struct call *c, json_t **params, struct err *e)
{
	const char *user, *password;
	json_t *body = NULL;

	if (call_body(c, &body, e) < 0)
		return -1;
	user = json_string_value(json_object_get(body, "user"));
	password = json_string_value(json_object_get(body, "password"));
	if (!user || !password || !*user || strlen(user) > SESSION_USER ||
	    strlen(password) > AUTH_PASSWORD_MAX) {
		json_decref(body);
		return err_set(e, ERR_USAGE, "the body must have user and password");
	}
	strcpy(c->auth.user, user);
	*params = json_pack("{s:s, s:s, s:b}", "user", user, "password", password, "development",
			    c->h->development);
	json_decref(body);
	return 0;
}

static void log_in(struct call *c)
{
	struct err e = ERR_INIT;
	json_t *params = NULL;

	auth_refresh(c->h);
	if (read_login(c, &params, &e) < 0 ||
	    worker_start(auth_login_job, NULL, params, -1, after_login, c, &e) < 0)
		call_fail(c, 0, &e);
	json_decref(params);
}

static void log_out(struct call *c)
{
	if (c->auth.token[0])
		session_end(&c->h->sessions, c->auth.token);
	set_cookie(c, "", 0);
	call_answer(c, 204, json_null());
}

/* A development image lets root in without a password as long as there is none. */
static bool is_open(const struct hostd *h)
{
	struct err e = ERR_INIT;

	return h->development && auth_password_is_set("root", &e) == 0;
}

/* Without login as well: the page has to know what to show. */
static void who_am_i(struct call *c)
{
	enum auth_result result = auth_request(c->h, c->request, &c->auth);
	const char *user = result == AUTH_OK ? c->auth.user : NULL;
	json_t *answer = json_pack("{s:s?, s:b, s:b}", "user", user, "development",
				   c->h->development, "open", is_open(c->h));

	call_answer(c, HTTP_OK, answer);
	json_decref(answer);
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
		call_authenticate(c, log_out);
	} else {
		reply_header(c->request, "Allow", "GET, POST, DELETE");
		err_set(&e, ERR_USAGE, "%.200s allows GET, POST, DELETE", c->path);
		call_fail(c, HTTP_BADMETHOD, &e);
	}
}
