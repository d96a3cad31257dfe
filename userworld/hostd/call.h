/* SPDX-License-Identifier: Apache-2.0 */
/* One API request on its way: kept until it is answered, even if the client has gone. */
#ifndef HOSTD_CALL_H
#define HOSTD_CALL_H

#include "auth.h"
#include "userworld/core/core.h"

struct call;
typedef void call_step(struct call *c);

struct call {
	struct hostd *h;
	struct evhttp_request *request; /* NULL: the client has gone */
	const char *method;		/* "GET" ... */
	char path[1024];		/* without query */
	struct auth auth;
	call_step *next;	  /* once the user is known */
	const struct core_op *op; /* of an operation */
	json_t *params;
};

/* NULL for lack of memory or a path that is too long; the request is answered then. */
struct call *call_new(struct hostd *h, struct evhttp_request *request, const char *path);

/*
 * Finds out who asks, then calls next, at once or later. Answers 401 or 403 by
 * itself if nobody is logged in or another site is behind the request.
 */
void call_authenticate(struct call *c, call_step *next);

/* What is changed from now on, and in workers started now, is this user's doing. */
void call_actor(const struct call *c);

/* The body as JSON: 1 with a new reference, 0 if it is empty, -1 after ERR_USAGE. */
int call_body(struct call *c, json_t **body, struct err *e);

/* Ends the call without an answer: its request, NULL if the client has gone. */
struct evhttp_request *call_detach(struct call *c);

/* These end the call. */
void call_answer(struct call *c, int status, json_t *body);
void call_fail(struct call *c, int status, const struct err *e);

#endif
