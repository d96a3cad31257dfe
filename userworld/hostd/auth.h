/* SPDX-License-Identifier: Apache-2.0 */
/* Who is behind a proof: the executor's sessions and passwords. */
#ifndef HOSTD_AUTH_H
#define HOSTD_AUTH_H

#include "executor.h"

enum auth_result {
	AUTH_OK,     /* the user is known */
	AUTH_VERIFY, /* user and password must be checked first: auth_login_job() */
	AUTH_NONE,
};

struct auth {
	char user[SESSION_USER + 1];
	char token[SESSION_TOKEN + 1]; /* of a session, or "" */
	bool local;		       /* root on this host, over the local socket */
	enum core_role role;
};

/* Does not block. AUTH_NONE says why in e: ERR_AUTH, or ERR_DENIED in lockdown mode. */
enum auth_result auth_find(struct executor *x, const struct ask *ask, struct auth *a,
			   struct err *e);

/* What auth_login_job() has found out about the user. */
void auth_verified(struct auth *a, const json_t *result);

/* 1 or 0, -1 if it cannot be found out. Quick. */
int auth_password_is_set(const char *user, struct err *e);

/*
 * A worker_job: checks user and password of params, and whether login from the
 * network is possible at all: without a password that is set only if params has
 * "development" true.
 */
int auth_login_job(const char *op, json_t *params, json_t **result, struct err *e);

/* Its parameters, a new reference; ERR_AUTH if they are not UTF-8. */
json_t *auth_login_params(const struct executor *x, const struct proof *p, struct err *e);

/*
 * Ends sessions of users whose password or role was changed since the last call, by whatever
 * means, and takes how long sessions live from access.conf(5). Call it before a password is
 * checked: should it change meanwhile, the session opened with the old one ends at the next call.
 */
void auth_refresh(struct executor *x);

/* Opens a session and puts its token into out. */
void auth_open(struct executor *x, const char *user, char out[static SESSION_TOKEN + 1]);

/* After a user has changed the own password: the session of that request goes on, no other one. */
void auth_keep(struct executor *x, const struct auth *a);

/* Remembers a password that was good, so that it need not be checked each time. */
void auth_remember(struct executor *x, const struct proof *p);

#endif
