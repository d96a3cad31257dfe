// SPDX-License-Identifier: Apache-2.0
/* What a store writes: its records, and generations beside one that stays. */
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/state/cipher.h"
#include "userworld/state/store.h"
#include "userworld/state/write.h"

#define WRITE_STEP (128u << 10)

/* The second only when the first is on the medium: one of them is always whole. */
int state_write_records(struct state_store *s, struct err *e)
{
	uint8_t block[STATE_BLOCK];

	state_record_write(&s->record, block);
	if (blkio_write(s->io, block, sizeof(block), 0, e) < 0 || blkio_flush(s->io, e) < 0 ||
	    blkio_write(s->io, block, sizeof(block), STATE_RECORD_AGAIN, e) < 0 ||
	    blkio_flush(s->io, e) < 0)
		return -1;
	s->mend = false;
	return 0;
}

static bool begins_one(const struct state_store *s, uint32_t slot)
{
	for (size_t i = 0; i < s->ring.count; i++)
		if (s->ring.list[i].slot == slot)
			return true;
	return false;
}

/* Headers of another store, or key, would be said to be foreign or damaged at every start. */
static int clear_slots(struct state_store *s, struct err *e)
{
	static const uint8_t zeros[STATE_BLOCK];
	uint8_t block[STATE_BLOCK];
	struct state_header h;

	for (uint32_t slot = 1; slot < s->ring.slots; slot++) {
		uint64_t at = state_slot_at(slot);

		if (begins_one(s, slot))
			continue;
		if (blkio_read(s->io, block, sizeof(block), at, e) < 0)
			return -1;
		if (state_header_read(block, slot, &s->record, &h) != STATE_HEADER_NONE &&
		    blkio_write(s->io, zeros, sizeof(zeros), at, e) < 0)
			return -1;
	}
	return blkio_flush(s->io, e);
}

int state_store_make(struct state_store *s, struct blkio *io, const struct state_seal *seal,
		     struct err *e)
{
	if (state_store_begin(s, io, e) < 0)
		return -1;
	if (RAND_bytes(s->record.id, STATE_ID) != 1)
		return err_set(e, ERR_SYSTEM, "no random numbers for the identity of a store");
	if (state_record_make(&s->record, seal, e) < 0 || clear_slots(s, e) < 0)
		return -1;
	return state_write_records(s, e);
}

static int write_payload(struct state_store *s, uint32_t slot, const uint8_t *payload,
			 uint32_t size, struct err *e)
{
	uint64_t at = state_slot_at(slot) + STATE_BLOCK;

	for (uint32_t done = 0; done < size;) {
		uint32_t part = size - done < WRITE_STEP ? size - done : WRITE_STEP;

		if (blkio_write(s->io, payload + done, part, at + done, e) < 0)
			return -1;
		done += part;
	}
	return blkio_flush(s->io, e);
}

/* *out is new memory. */
static int encrypt(const struct state_store *s, struct state_header *h, const uint8_t *payload,
		   uint8_t **out, struct err *e)
{
	uint8_t key[STATE_KEY];

	*out = malloc(h->size);
	if (!*out)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (state_cipher_derive(s->record.key, s->record.id, STATE_LABEL_PAYLOAD, key, e) < 0)
		return -1;
	return state_cipher_encrypt(key, payload, *out, h->size, h->nonce, h->tag, e);
}

/* In its slot, and nothing else: the payload, and when that is on the medium, its header. */
static int write_generation(struct state_store *s, struct state_header *h, const uint8_t *payload,
			    struct err *e)
{
	_cleanup_free_ uint8_t *encrypted = NULL;
	uint8_t block[STATE_BLOCK];

	h->flags = s->record.sealed ? STATE_ENCRYPTED : 0;
	if (s->record.sealed) {
		if (encrypt(s, h, payload, &encrypted, e) < 0)
			return -1;
		payload = encrypted;
	}
	SHA256(payload, h->size, h->sum);
	state_header_write(h, &s->record, block);
	if (write_payload(s, h->slot, payload, h->size, e) < 0 ||
	    blkio_write(s->io, block, sizeof(block), state_slot_at(h->slot), e) < 0 ||
	    blkio_flush(s->io, e) < 0)
		return -1;
	return state_ring_add(&s->ring, h, e) < 0 ? -1 : 0;
}

int state_store_append(struct state_store *s, const struct state_header *keep,
		       struct state_header *h, const uint8_t *payload, uint32_t size, struct err *e)
{
	h->number = state_ring_next(&s->ring);
	h->size = size;
	if (state_ring_plan(&s->ring, keep, size, &h->slot, e) < 0 ||
	    (s->mend && state_write_records(s, e) < 0))
		return -1;
	return write_generation(s, h, payload, e);
}

/*
 * Before the first record is there, the old store is as it was, but for a slot that no generation
 * of it has that counts; from then on it is the new one, which has one generation.
 */
int state_store_convert(struct state_store *s, const struct state_seal *seal,
			const struct state_header *keep, struct state_header *h,
			const uint8_t *payload, uint32_t size, struct err *e)
{
	struct state_store next = { .io = s->io, .ring.slots = s->ring.slots };

	memcpy(next.record.id, s->record.id, STATE_ID);
	h->number = state_ring_next(&s->ring);
	h->size = size;
	if (state_record_make(&next.record, seal, e) < 0 ||
	    state_ring_plan(&s->ring, keep, size, &h->slot, e) < 0)
		return -1;
	if (write_generation(&next, h, payload, e) < 0 || state_write_records(&next, e) < 0) {
		state_store_close(&next);
		return -1;
	}
	state_store_close(s);
	*s = next;
	if (!seal)
		clear_slots(s, NULL); /* what stays of them is said to be damaged, no more */
	return 0;
}
