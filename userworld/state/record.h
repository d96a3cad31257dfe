/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record of a store: who it is, and the key that its generations are authenticated with; if
 * somebody keeps that key (seal.h), they are encrypted with it, too.
 */
#ifndef VISOR_STATE_RECORD_H
#define VISOR_STATE_RECORD_H

#include <stdbool.h>

#include "userworld/state/seal.h"

struct state_record {
	uint8_t id[STATE_ID];
	uint8_t key[STATE_KEY]; /* of a sealed record: once it was unlocked */
	uint8_t mac[STATE_KEY]; /* of the headers: the key itself, or made of it if sealed */
	bool sealed;		/* the key does not stand in the record, object does */
	bool wipe;		/* sealed: what no generation has may still be there in the clear */
	uint32_t object_len;
	uint8_t object[STATE_SEALED_MAX];
};

enum state_record_found {
	STATE_RECORD_NONE, /* no magic: nothing of ours, or nothing yet */
	STATE_RECORD_GOOD,
	STATE_RECORD_DAMAGED, /* its digest is not right: torn, or bits have flipped */
	STATE_RECORD_FUTURE,  /* of a version, or with a key of a kind, that is not known here */
};

/* A new key, in the clear (seal NULL) or sealed; the identity stays as it is. */
int state_record_make(struct state_record *r, const struct state_seal *seal, struct err *e);

void state_record_write(const struct state_record *r, uint8_t out[static STATE_BLOCK]);

/* Fills *r only if it is good; that of a sealed one has no keys before it was unlocked. */
enum state_record_found state_record_read(const uint8_t in[static STATE_BLOCK],
					  struct state_record *r);

/*
 * Has the key of a sealed record unsealed, and looks that the record is what its host wrote: in
 * are the bytes that it was read from. A record in the clear is left as it is.
 */
int state_record_unlock(struct state_record *r, const uint8_t in[static STATE_BLOCK],
			const struct state_seal *seal, struct err *e);

/* The same store with the same key? */
bool state_record_same(const struct state_record *a, const struct state_record *b);

#endif
