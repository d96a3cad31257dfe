/* SPDX-License-Identifier: Apache-2.0 */
/* Answers. Each of these ends the request; its connection waits for the next one. */
#ifndef HOSTD_REPLY_H
#define HOSTD_REPLY_H

#include <event2/http.h>
#include <jansson.h>

#include "err.h"

/* JSON of the given status; a null body is 204. body stays the caller's. */
void reply_json(struct evhttp_request *request, int status, json_t *body);

/* No body; request may be NULL. */
void reply_empty(struct evhttp_request *request, int status);

/* A problem of the error's kind; status 0: as the kind says. */
void reply_problem(struct evhttp_request *request, int status, const struct err *e);

/* Bytes that live for ever. */
void reply_static(struct evhttp_request *request, const char *type, const void *data, size_t len);

/* Bytes of malloc(), which are taken. */
void reply_text(struct evhttp_request *request, const char *type, char *text, size_t len);

/* A header of the answer, before one of the above. */
void reply_header(struct evhttp_request *request, const char *name, const char *value);

#endif
