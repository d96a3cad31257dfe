/* SPDX-License-Identifier: Apache-2.0 */
/* The header of a generation of state: what stands at the begin of its first slot. */
#ifndef VISOR_STATE_HEADER_H
#define VISOR_STATE_HEADER_H

#include "userworld/state/record.h"

#define STATE_BUILD_MAX 24 /* bytes of texts, without NUL; longer ones are cut */
#define STATE_WHO_MAX 64
#define STATE_WHY_MAX 256

#define STATE_ENCRYPTED 1u /* flag: the payload is, by the key of the store */

struct state_header {
	uint64_t number;  /* of the generation, from 1 */
	uint64_t follows; /* the one that it was made from, 0: none */
	int64_t time;	 /* seconds since 1970 by the clock of the host; says nothing about order */
	uint32_t slot;	 /* where it stands */
	uint32_t size;	 /* bytes of the payload behind it, at least 1 */
	uint32_t flags;	 /* STATE_ENCRYPTED in a sealed store, else 0 */
	uint32_t format; /* of the state files in it: STATE_FORMAT of who wrote it */
	uint8_t sum[STATE_SUM];	    /* SHA-256 of the payload, as it is on the medium */
	uint8_t nonce[STATE_NONCE]; /* these two: of an encrypted payload */
	uint8_t tag[STATE_TAG];
	char build[STATE_BUILD_MAX + 1];
	char who[STATE_WHO_MAX + 1];
	char why[STATE_WHY_MAX + 1];
};

enum state_header_found {
	STATE_HEADER_NONE, /* no header: never used, or the inside of a payload */
	STATE_HEADER_GOOD,
	STATE_HEADER_DAMAGED, /* not authentic: torn, flipped bits, or made with another key */
	STATE_HEADER_FOREIGN, /* of another store, or of another slot of this one */
	STATE_HEADER_FUTURE,  /* of a version, or with flags, that are not known here */
};

/* Bytes of a generation on the medium as slots. */
uint32_t state_slots_of(uint32_t size);

void state_header_write(const struct state_header *h, const struct state_record *store,
			uint8_t out[static STATE_BLOCK]);

/*
 * Reads what stands in a slot of a store. *h is complete only if it is good; h->number is set
 * for all but NONE, as far as one may believe it then. Texts are printable, whatever they were.
 */
enum state_header_found state_header_read(const uint8_t in[static STATE_BLOCK], uint32_t slot,
					  const struct state_record *store, struct state_header *h);

/* For messages: "damaged", "of another store" ... */
const char *state_header_word(enum state_header_found found);

#endif
