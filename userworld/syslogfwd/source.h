/* SPDX-License-Identifier: Apache-2.0 */
/* The logger's records: connects to it, and again when it was started again. */
#ifndef SYSLOGFWD_SOURCE_H
#define SYSLOGFWD_SOURCE_H

#include "target.h"

struct source {
	struct forwarder *f;
	const char *path;
	struct event *event; /* readable, NULL: not connected */
	struct event *retry;
	uint64_t had; /* number of the last record */
	void (*news)(struct forwarder *f);
};

/* news() is called when records have come into the ring. had: the last one known, 0 for none. */
int source_open(struct source *s, struct forwarder *f, const char *path, uint64_t had,
		void (*news)(struct forwarder *f), struct err *e);

#endif
