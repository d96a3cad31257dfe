/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a store: who it is, and the key that its generations are authenticated with. */
#ifndef VISOR_STATE_RECORD_H
#define VISOR_STATE_RECORD_H

#include "userworld/state/layout.h"

struct state_record {
	uint8_t id[STATE_ID];
	uint8_t key[STATE_KEY];
};

enum state_record_found {
	STATE_RECORD_NONE, /* no magic: nothing of ours, or nothing yet */
	STATE_RECORD_GOOD,
	STATE_RECORD_DAMAGED, /* its digest is not right: torn, or bits have flipped */
	STATE_RECORD_FUTURE,  /* of a version, or with a key of a kind, that is not known here */
};

void state_record_write(const struct state_record *r, uint8_t out[static STATE_BLOCK]);

/* Fills *r only if it is good. */
enum state_record_found state_record_read(const uint8_t in[static STATE_BLOCK],
					  struct state_record *r);

#endif
