/* SPDX-License-Identifier: Apache-2.0 */
/* From method and path to an operation. Pure: the table is core_op_at(). */
#ifndef HOSTD_ROUTE_H
#define HOSTD_ROUTE_H

#include "userworld/core/core.h"

#define ROUTE_PREFIX "/api/v1"

enum route_result {
	ROUTE_FOUND,
	ROUTE_NO_PATH,	 /* 404 */
	ROUTE_NO_METHOD, /* 405 */
};

/*
 * path begins with ROUTE_PREFIX and has no query; its parts may be percent-encoded.
 * ROUTE_FOUND sets *op and *vars, a new object of the path's parameters (strings).
 * ROUTE_NO_METHOD fills allow with the methods there are: "GET, PUT".
 */
enum route_result route_match(const char *method, const char *path, const struct core_op **op,
			      json_t **vars, char allow[static 64]);

/*
 * Parameters of an operation from a request: path variables, the query (decoded
 * "key=value" pairs as an object of strings, or NULL) and the JSON body (or
 * NULL). Strings of the path and query are turned into the type the operation
 * wants. A parameter given twice is ERR_USAGE. *params is a new reference.
 */
int route_params(const struct core_op *op, json_t *vars, json_t *query, json_t *body,
		 json_t **params, struct err *e);

#endif
