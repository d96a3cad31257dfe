/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bundles that come with the request. The body of a request is held in memory,
 * so a bundle travels in pieces of at most BODY_MAX bytes, each answered when
 * the worker that installs it has taken it; none is kept. docs/rest-api.md
 * describes the requests.
 */
#ifndef HOSTD_UPLOAD_H
#define HOSTD_UPLOAD_H

#include "call.h"
#include "route.h"

#define UPLOAD_PATH ROUTE_PREFIX "/uploads"
#define UPLOAD_MAX ((json_int_t)4 << 30) /* bytes of a bundle */
#define UPLOAD_IDLE 60			 /* seconds between two pieces */

/* Ends the call, at once or later. */
void upload_request(struct call *c);

#endif
