/* SPDX-License-Identifier: Apache-2.0 */
/* The key of the store and the TPM of this host. */
#ifndef STATED_SEAL_H
#define STATED_SEAL_H

#include "userworld/stated/keeper.h"
#include "userworld/stated/seal_want.h"

/* What opens a sealed store, by the TPM that this host has then. */
const struct state_seal *seal_opener(void);

/* Is there a TPM? Without one a sealed store cannot be opened, but its driver may come yet. */
bool seal_has_tpm(void);

/* What the next save is to do about the key. */
enum seal_want seal_next(const struct keeper *k);

/* "tpm", "tpm+pcr7", "none", or "" if there is no store. */
const char *seal_word(const struct keeper *k);

/*
 * Makes a store on a medium, sealed if it is to be. If the TPM refuses it is made in the clear, and
 * an event says so. io is the caller's.
 */
int seal_make_store(struct keeper *k, struct state_store *s, struct blkio *io, struct err *e);

/*
 * Writes a generation to k->store, as state_store_append(), and seals the store or the other way
 * round if that is to be; what stood there in the clear is wiped. Tells of it.
 */
int seal_append(struct keeper *k, struct state_header *h, const uint8_t *payload, uint32_t len,
		struct err *e);

#endif
