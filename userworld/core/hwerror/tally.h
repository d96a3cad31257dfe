/* SPDX-License-Identifier: Apache-2.0 */
/* How many hardware errors there were, and which of them are told as events. Pure. */
#ifndef VISOR_CORE_HWERROR_TALLY_H
#define VISOR_CORE_HWERROR_TALLY_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "line.h"

#define TALLY_ROWS 32	  /* places with errors; those of further ones are one row, "others" */
#define TALLY_EVENTS 5	  /* that are told in */
#define TALLY_SECONDS 300 /* of these */

/* Where hostd keeps it for whoever asks, below /run: until the next start. */
#define TALLY_FILE "/run/visoros/hardware-errors.json"

struct tally_row {
	struct hwerror last; /* source, where, severity and what the last one said */
	uint64_t count;
	time_t time; /* of the last one */
};

struct tally {
	struct tally_row rows[TALLY_ROWS];
	size_t n;
	uint64_t sequence; /* of the kernel's log: up to here it has been read */
	time_t since;	   /* of the events that are counted as told */
	unsigned int told; /* since then */
	uint64_t held;	   /* not told since the last that was */
};

/* Counts it. True if it is to be told, with *more: those that were not since the last time. */
bool tally_add(struct tally *t, const struct hwerror *h, time_t now, uint64_t *more);

/* {sequence, errors: [{source, where, severity, count, time, text}]}; NULL without memory. */
json_t *tally_pack(const struct tally *t);

/* What cannot be understood is left out. */
void tally_unpack(struct tally *t, json_t *packed);

#endif
