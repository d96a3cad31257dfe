/* SPDX-License-Identifier: Apache-2.0 */
/* One API request on its way: kept until it is answered, even if the client has gone. */
#ifndef HOSTD_CALL_H
#define HOSTD_CALL_H

#include "front.h"

struct call;
typedef void call_step(struct call *c);

struct call {
	struct front *f;
	struct evhttp_request *request; /* NULL: the client has gone */
	const char *method;		/* "GET" ... */
	char path[1024];		/* without query */
	struct ask ask;			/* with proof and address */
	char *certificate;		/* of the client, if that is the proof */
	bool foreign;			/* another site has made the browser send it */
	char user[SESSION_USER + 1];	/* once known */
	call_step *next;		/* then */
	json_t *params;
	unsigned int page, page_size; /* of a list; size 0: as a whole */
	struct err refused;	      /* what is wrong with it, told to those who are logged in */
};

/* NULL for lack of memory, a path that is too long, or a peer that may not; it is answered then. */
struct call *call_new(struct front *f, struct evhttp_request *request, const char *path);

/*
 * Finds out who asks, then calls next, at once or later. Answers 401 or 403 by
 * itself if nobody is logged in or another site is behind the request.
 */
void call_authenticate(struct call *c, call_step *next);

/* False, and c is ended, if another site is behind the request. */
bool call_own_site(struct call *c);

/* The body as JSON: 1 with a new reference, 0 if it is empty, -1 after ERR_USAGE. */
int call_body(struct call *c, json_t **body, struct err *e);

/* A header of the request, or NULL; NULL also if the client has gone. */
const char *call_header(const struct call *c, const char *name);

/* Ends the call without an answer: its request, NULL if the client has gone. */
struct evhttp_request *call_detach(struct call *c);

/* These end the call. */
void call_answer(struct call *c, int status, json_t *body);
void call_task(struct call *c, json_t *task); /* 202: it goes on */
void call_fail(struct call *c, int status, const struct err *e);

#endif
