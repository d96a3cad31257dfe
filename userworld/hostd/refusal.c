// SPDX-License-Identifier: Apache-2.0
#include "refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "front.h"
#include "problem.h"

static void say_why(struct err *e, int status)
{
	switch (status) {
	case 413:
		err_set(e, ERR_USAGE, "the body may have %u KiB", BODY_MAX >> 10);
		break;
	case 417:
		err_set(e, ERR_USAGE, "Expect: only 100-continue can be expected");
		break;
	case 501:
		err_set(e, ERR_USAGE, "the method is none of GET, POST, PUT, PATCH and DELETE");
		break;
	default:
		err_set(e, ERR_USAGE,
			"the request cannot be understood as HTTP/1.1, or its headers have more "
			"than %u KiB",
			HEADERS_MAX >> 10);
	}
}

size_t refusal_answer(const char *answer, char out[static REFUSAL_MAX])
{
	_cleanup_free_ char *body = NULL;
	struct err e = ERR_INIT;
	json_t *problem;
	int status, len;

	if (sscanf(answer, "HTTP/%*d.%*d %3d", &status) != 1 || status < 400)
		return 0;
	say_why(&e, status);
	problem = problem_json(&e, status);
	body = json_dumps(problem, JSON_COMPACT);
	json_decref(problem);
	if (!body)
		return 0;
	/* evhttp ends the connection, too: nobody knows where the next request would begin. */
	len = snprintf(out, REFUSAL_MAX,
		       "HTTP/1.1 %d Refused\r\n"
		       "Content-Type: " PROBLEM_TYPE "\r\n"
		       "Content-Length: %zu\r\n"
		       "Cache-Control: no-store\r\n"
		       "X-Content-Type-Options: nosniff\r\n"
		       "Connection: close\r\n"
		       "\r\n%s\n",
		       status, strlen(body) + 1, body);
	return len < REFUSAL_MAX ? (size_t)len : 0;
}
