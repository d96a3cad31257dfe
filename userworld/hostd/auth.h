/* SPDX-License-Identifier: Apache-2.0 */
/* Who makes a request. */
#ifndef HOSTD_AUTH_H
#define HOSTD_AUTH_H

#include "hostd.h"

#include <jansson.h>

#define AUTH_COOKIE "visoros_session"
#define AUTH_PASSWORD_MAX 255

enum auth_result {
	AUTH_OK,     /* user is logged in */
	AUTH_VERIFY, /* user and password came with the request and must be checked */
	AUTH_NONE,
};

struct auth {
	char user[SESSION_USER + 1];
	char password[AUTH_PASSWORD_MAX + 1]; /* AUTH_VERIFY; wipe it after use */
	char token[SESSION_TOKEN + 1];	      /* AUTH_OK by session; "" else */
	bool local;			      /* root on this host, over the local socket */
	bool cookie;			      /* the browser sent it by itself */
};

/*
 * Looks at the local peer's credentials, bearer token, cookie and Basic
 * credentials, in this order. Does not block.
 */
enum auth_result auth_request(struct hostd *h, struct evhttp_request *request, struct auth *a);

/*
 * False if a browser was made to send this request by another site: its cookie
 * came along, but the Origin is not this host.
 */
bool auth_same_origin(struct evhttp_request *request, const struct auth *a);

/* 1 or 0, -1 if it cannot be found out. Quick. */
int auth_password_is_set(const char *user, struct err *e);

/*
 * A worker_job: checks user and password of params, and whether login from the
 * network is possible at all: without a password that is set only if params has
 * "development" true.
 */
int auth_login_job(const char *op, json_t *params, json_t **result, struct err *e);

/*
 * Ends all sessions if a password was changed since the last call, by whatever
 * means. Call it before a password is checked: should it change meanwhile, the
 * session opened with the old one ends at the next call.
 */
void auth_refresh(struct hostd *h);

/* Opens a session and puts its token into out. */
void auth_open(struct hostd *h, const char *user, char out[static SESSION_TOKEN + 1]);

/* Remembers Basic credentials that were good, so that they need not be checked each time. */
void auth_remember(struct hostd *h, const struct auth *a);

#endif
