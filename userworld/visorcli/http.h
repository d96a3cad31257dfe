/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to hostd and its answers, as text. Pure. */
#ifndef VISORCLI_HTTP_H
#define VISORCLI_HTTP_H

#include "userworld/core/core.h"

/*
 * The request of an operation: parameters that the path names go there, the
 * others into the query (GET, DELETE) or a JSON body. login is the value of the
 * header Authorization, or NULL. *text is allocated. ERR_USAGE if a parameter of
 * the path is missing.
 */
int http_request(const struct core_op *op, json_t *params, const char *host, const char *login,
		 char **text, struct err *e);

/* A whole answer, NUL behind: its result, or the error that its problem document tells. */
int http_answer(const char *text, size_t len, json_t **result, struct err *e);

#endif
