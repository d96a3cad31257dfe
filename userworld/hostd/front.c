// SPDX-License-Identifier: Apache-2.0
/* A server for HTTP within limits. */
#include "front.h"

#include "conn.h"
#include "log.h"

struct evhttp *front_http(struct front *f)
{
	struct evhttp *http = evhttp_new(f->base);

	if (!http)
		log_fatalx("out of memory");
	evhttp_set_max_headers_size(http, HEADERS_MAX);
	evhttp_set_max_body_size(http, BODY_MAX);
	evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
						 EVHTTP_REQ_DELETE | EVHTTP_REQ_PATCH);
	conn_watch(http);
	evhttp_set_gencb(http, front_request, f);
	return http;
}
