/* SPDX-License-Identifier: Apache-2.0 */
/* Echo requests, by BusyBox ping. */
#ifndef VISOR_CORE_NETWORK_PING_H
#define VISOR_CORE_NETWORK_PING_H

#include <jansson.h>

#include "err.h"

struct ping {
	const char *host; /* name or address */
	int family;	  /* 4, 6; 0: whatever the name has */
	int count;
	int wait;	    /* seconds for an answer */
	int size;	    /* bytes of contents; 0: 56 */
	const char *device; /* NULL: whichever leads there */
};

/*
 * What came back: {"host", "transmitted", "received", "lost" (percent), "min", "avg", "max" (in
 * milliseconds), "replies": [{"from", "seq", "ttl", "time"}]}. No answer is no error; ERR_NOT_FOUND
 * for a name that has no address.
 */
int ping_run(const struct ping *p, json_t **result, struct err *e);

/* Pure part: the program's text as the above; NULL if it is none. */
json_t *ping_parse(const char *text);

#endif
