/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of manifests into the bundle. All text passes the filter of redact.h. What goes wrong
 * with one entry stands in the index; -1 is only for a bundle that cannot be written any more.
 */
#ifndef VISOR_CORE_SUPPORT_TAKE_H
#define VISOR_CORE_SUPPORT_TAKE_H

#include <stdbool.h>
#include <time.h>

#include "index.h"
#include "manifest.h"
#include "redact.h"
#include "tgz.h"

#define SUPPORT_POOL "host/user/support" /* of the commands */

struct taking {
	struct tgz *tgz;
	struct index index;
	uint64_t max;	 /* bytes of all files together */
	time_t deadline; /* of the clock CLOCK_MONOTONIC, in seconds */
	/* Of all manifests, in addition to the tables of secrets.h; NULL: none. */
	const char *const *words;
	const char *const *refuse;
	struct redact redact;
};

int take_copy(struct taking *t, const struct manifest_entry *n, struct err *e);
int take_exec(struct taking *t, const struct manifest_entry *n, struct err *e);

/* Text that is there already, as a file of that name. */
int take_text(struct taking *t, const char *name, const char *text, size_t len, struct err *e);

/* For the above: how many bytes an entry may take that asks for max; 0: it was left out. */
uint64_t take_room(struct taking *t, const char *name, uint64_t max);

/*
 * Text of unknown length on its way into the bundle: begin, any number of feeds, end. A feed
 * returns 1 when no more is wanted, -1 with *e when the bundle cannot be written.
 */
struct take_spool {
	struct taking *t;
	uint64_t left; /* bytes */
	uint64_t put;
	struct err *e;
};

int take_spool_begin(struct take_spool *s, struct taking *t, const char *name, uint64_t max,
		     struct err *e);
int take_spool_feed(struct take_spool *s, const char *data, size_t len);
/* all: the last line is complete. */
int take_spool_end(struct take_spool *s, bool all);

#endif
