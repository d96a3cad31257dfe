/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle of a depot as it comes in: it must be the one that the index names. */
#ifndef VISOR_CORE_DEPOT_STREAM_H
#define VISOR_CORE_DEPOT_STREAM_H

#include <stdatomic.h>

#include "userworld/core/bundle/source.h"
#include "tardisk/depot.h"
#include "tardisk/sha256.h"

struct depot_stream {
	struct bundle_source source;
	const struct depot_bundle *entry;
	const atomic_bool *stop; /* set: reading fails with ECANCELED */
	struct sha256 sha;
	uint64_t got; /* bytes so far */
	int fault;    /* errno of what went wrong, 0 */
};

/*
 * Opens the stream and the bundle in it, whose descriptor and signature must be
 * those of the index. On success *b is closed by the caller, then the stream;
 * on failure nothing is open.
 */
int depot_stream_open(struct depot_stream *s, const struct depot_place *place,
		      const struct depot_bundle *entry, const atomic_bool *stop, struct bundle **b,
		      struct err *e);

/* After bundle_finish(): had it the size and the digest of the index? */
int depot_stream_check(struct depot_stream *s, struct err *e);

/* What made reading fail in better words than the reader of bundles had, or *e as it is. -1. */
int depot_stream_fault(const struct depot_stream *s, struct err *e);

void depot_stream_close(struct depot_stream *s);

#endif
