/* SPDX-License-Identifier: Apache-2.0 */
/* A web server for tests that has one file, and can be told to misbehave. */
#ifndef TESTS_UNIT_WEB_H
#define TESTS_UNIT_WEB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How it behaves; numbers of connections count from 0. */
struct web {
	const void *data;
	size_t size;
	bool ranges;	   /* honours Range and If-Range */
	size_t piece;	   /* bytes per connection, then it breaks off; 0: all */
	const char *tag;   /* ETag, NULL for none */
	const char *other; /* the tag from connection number `changes` on; NULL: it stays */
	unsigned int changes;
	bool careless; /* honours Range, but not If-Range */
	bool silent;   /* does not tell the size of the whole file */
};

/* What was asked of it. */
struct web_seen {
	atomic_uint connections;
	atomic_ulong bytes; /* of the file, sent */
};

/* Serves until web_stop(); *seen goes on counting and belongs to the server. */
pid_t web_start(const struct web *web, int *port, struct web_seen **seen);
void web_stop(pid_t pid, struct web_seen *seen);

#endif
