/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events as they happen, as server-sent events (HTML Living Standard, section 9.2): "id" is the
 * number of an event, "data" its JSON as GET /system/events has it. A client that comes again with
 * Last-Event-ID gets what it has missed, as far as it is kept.
 */
#ifndef HOSTD_FOLLOW_H
#define HOSTD_FOLLOW_H

#include "call.h"
#include "route.h"

#define FOLLOW_PATH ROUTE_PREFIX "/system/events/stream"
#define FOLLOW_MAX 32	    /* clients at once */
#define FOLLOW_BEAT 15	    /* seconds after which a comment shows whether the client is there */
#define FOLLOW_TIME 3600    /* seconds after which a client has to come again, and log in */
#define FOLLOW_UNREAD 65536 /* bytes that a client has not taken, above which it gets no more */

/* Ends the call, at once or when the client has gone. */
void follow_request(struct call *c);

/* There may be new events. */
void follow_news(void);

#endif
