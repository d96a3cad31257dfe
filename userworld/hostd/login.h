/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: log in, log out, who am I. docs/rest-api.md describes the requests. */
#ifndef HOSTD_LOGIN_H
#define HOSTD_LOGIN_H

#include "call.h"
#include "route.h"

#define LOGIN_PATH ROUTE_PREFIX "/sessions"

/* Ends the call, at once or later. */
void login_request(struct call *c);

#endif
