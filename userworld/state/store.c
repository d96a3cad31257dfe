// SPDX-License-Identifier: Apache-2.0
#include "userworld/state/store.h"

#include <inttypes.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/state/cipher.h"

static void say(state_tell *tell, void *context, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void say(state_tell *tell, void *context, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (tell)
		tell(context, text);
}

/*
 * One good record is enough; two that differ are a store that was made or converted over another
 * one, when the power went, and the first was written first.
 */
static int read_records(struct state_store *s, const struct state_seal *seal,
			enum state_record_found *best, struct err *e)
{
	enum state_record_found found[2];
	struct state_record record[2];
	uint8_t block[2][STATE_BLOCK];
	struct err why = ERR_INIT;
	int use;

	for (int i = 0; i < 2; i++) {
		if (blkio_read(s->io, block[i], STATE_BLOCK, i ? STATE_RECORD_AGAIN : 0, e) < 0)
			return -1;
		found[i] = state_record_read(block[i], &record[i]);
	}
	use = found[0] != STATE_RECORD_GOOD;
	*best = found[use];
	if (found[use] != STATE_RECORD_GOOD) {
		*best = found[0] > found[1] ? found[0] : found[1];
		return 0;
	}
	s->record = record[use];
	s->mend = memcmp(block[0], block[1], STATE_BLOCK) != 0;
	if (state_record_unlock(&s->record, block[use], seal, &why) == 0)
		return 0;
	s->locked = true;
	return err_set(e, ERR_INVALID, "%s: %s", s->io->name, why.text);
}

/* One slot: its header to the ring, or to who wants to hear of it. */
static int read_slot(struct state_store *s, uint32_t slot, bool *any, state_tell *tell,
		     void *context, struct err *e)
{
	enum state_header_found found;
	uint8_t block[STATE_BLOCK];
	struct state_header h;

	if (blkio_read(s->io, block, sizeof(block), state_slot_at(slot), e) < 0)
		return -1;
	found = state_header_read(block, slot, &s->record, &h);
	if (found == STATE_HEADER_NONE)
		return 0;
	*any = true;
	if (found == STATE_HEADER_GOOD)
		return state_ring_add(&s->ring, &h, e) < 0 ? -1 : 0;
	/* Those from before the store was sealed wait to be wiped. */
	if (!s->record.wipe)
		say(tell, context, "slot %" PRIu32 ", generation %" PRIu64 ": is %s", slot,
		    h.number, state_header_word(found));
	return 0;
}

int state_store_begin(struct state_store *s, struct blkio *io, struct err *e)
{
	uint64_t slots = io->size / STATE_SLOT;

	memset(s, 0, sizeof(*s));
	if (slots < STATE_SLOTS_MIN)
		return err_set(e, ERR_INVALID, "%s: is too small for a store of state", io->name);
	s->io = io;
	s->ring.slots = slots < STATE_SLOTS_MAX ? (uint32_t)slots : STATE_SLOTS_MAX;
	return 0;
}

int state_store_open(struct state_store *s, struct blkio *io, const struct state_seal *seal,
		     enum state_store_kind *kind, state_tell *tell, void *context, struct err *e)
{
	enum state_record_found record;
	bool any = false;

	if (state_store_begin(s, io, e) < 0)
		return -1;
	if (read_records(s, seal, &record, e) < 0)
		return -1;
	if (record == STATE_RECORD_FUTURE)
		return err_set(e, ERR_INVALID,
			       "%s: the store of state is of a version that this build does not "
			       "know",
			       io->name);
	if (record != STATE_RECORD_GOOD)
		tell = NULL; /* without a key nothing is good, and who was it is not known */
	for (uint32_t slot = 1; slot < s->ring.slots; slot++)
		if (read_slot(s, slot, &any, tell, context, e) < 0) {
			state_store_close(s);
			return -1;
		}
	if (record != STATE_RECORD_GOOD && any)
		return err_set(e, ERR_INVALID,
			       "%s: both records of the store are damaged, so that its generations "
			       "cannot be told from forged ones",
			       io->name);
	if (record == STATE_RECORD_GOOD && s->mend)
		say(tell, context, "one of the two records of the store is damaged");
	if (s->record.wipe && any && !s->ring.count)
		say(tell, context,
		    "was being sealed, and the generation that was written then is damaged");
	*kind = record == STATE_RECORD_GOOD ? STATE_STORE_READY : STATE_STORE_BLANK;
	return 0;
}

void state_store_close(struct state_store *s)
{
	state_ring_free(&s->ring);
}

/* The payload of a header, compared with its digest, and in the clear. */
static int read_payload(const struct state_store *s, const struct state_header *h,
			uint8_t **payload, struct err *e)
{
	_cleanup_free_ uint8_t *data = malloc(h->size);
	uint8_t sum[STATE_SUM], key[STATE_KEY];

	if (!data)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (blkio_read(s->io, data, h->size, state_slot_at(h->slot) + STATE_BLOCK, e) < 0)
		return -1;
	SHA256(data, h->size, sum);
	if (memcmp(sum, h->sum, STATE_SUM) != 0)
		return err_set(e, ERR_INVALID, "%s: generation %" PRIu64 " of the state is damaged",
			       s->io->name, h->number);
	if (s->record.sealed &&
	    (state_cipher_derive(s->record.key, s->record.id, STATE_LABEL_PAYLOAD, key, e) < 0 ||
	     state_cipher_decrypt(key, data, h->size, h->nonce, h->tag, e) < 0))
		return err_wrap(e, "%s: generation %" PRIu64 " of the state", s->io->name,
				h->number);
	*payload = TAKE_PTR(data);
	return 0;
}

int state_store_newest(const struct state_store *s, struct state_header *h, uint8_t **payload,
		       state_tell *tell, void *context, struct err *e)
{
	for (size_t i = 0; i < s->ring.count; i++) {
		const struct state_header *one = &s->ring.list[i];
		struct err why = ERR_INIT;

		if (!state_ring_whole(&s->ring, i))
			continue;
		if (one->format > STATE_FORMAT) {
			say(tell, context,
			    "generation %" PRIu64 " is of format %" PRIu32
			    ", written by build %s, and this build knows %d: an older one is used",
			    one->number, one->format, one->build, STATE_FORMAT);
			continue;
		}
		if (read_payload(s, one, payload, &why) == 0) {
			*h = *one;
			return 1;
		}
		if (why.kind != ERR_INVALID)
			return err_set(e, why.kind, "%s", why.text);
		say(tell, context, "generation %" PRIu64 " is damaged: an older one is used",
		    one->number);
	}
	return 0;
}

int state_store_read(const struct state_store *s, uint64_t number, struct state_header *h,
		     uint8_t **payload, struct err *e)
{
	for (size_t i = 0; i < s->ring.count; i++)
		if (s->ring.list[i].number == number && state_ring_whole(&s->ring, i)) {
			*h = s->ring.list[i];
			return read_payload(s, h, payload, e);
		}
	return err_set(e, ERR_NOT_FOUND,
		       "generation %" PRIu64 ": is not on the medium (any more): \"system state "
		       "history\" shows those that are",
		       number);
}

int state_store_same(const struct state_store *s, const struct state_header *h, struct err *e)
{
	uint8_t block[STATE_BLOCK], want[STATE_BLOCK];

	if (!s->mend) {
		state_record_write(&s->record, want);
		if (blkio_read(s->io, block, sizeof(block), 0, e) < 0)
			return -1;
		if (memcmp(block, want, sizeof(block)) != 0)
			return err_set(e, ERR_CONFLICT, "%s: is another store of state now",
				       s->io->name);
	}
	if (!h)
		return 0;
	state_header_write(h, &s->record, want);
	if (blkio_read(s->io, block, sizeof(block), state_slot_at(h->slot), e) < 0)
		return -1;
	if (memcmp(block, want, sizeof(block)) != 0)
		return err_set(e, ERR_CONFLICT, "%s: generation %" PRIu64 " is not where it was",
			       s->io->name, h->number);
	return 0;
}
