/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens as it happens, as server-sent events (HTML Living Standard, section 9.2): events,
 * tasks, and the lines of a log. "id" is where a row stands, "data" its JSON as the operation that
 * reads it gives it. A client that comes again with Last-Event-ID gets what it has missed, as far
 * as it is kept.
 */
#ifndef HOSTD_FOLLOW_H
#define HOSTD_FOLLOW_H

#include "call.h"
#include "route.h"

#define FOLLOW_MAX 32	    /* clients at once */
#define FOLLOW_BEAT 15	    /* seconds after which a comment shows whether the client is there */
#define FOLLOW_POLL 1	    /* seconds between two looks at a log that is followed */
#define FOLLOW_TIME 3600    /* seconds after which a client has to come again, and log in */
#define FOLLOW_UNREAD 65536 /* bytes that a client has not taken, above which it gets no more */

/* Is this the path of something that can be followed? */
bool follow_is(const char *path);

/* Ends the call, at once or when the client has gone. */
void follow_request(struct call *c);

/* There may be new rows of that topic: "events", "tasks". */
void follow_news(const char *topic);

#endif
