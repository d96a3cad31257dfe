// SPDX-License-Identifier: Apache-2.0
#include "userworld/state/store.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define WRITE_STEP (128u << 10)

static uint64_t slot_at(uint32_t slot)
{
	return (uint64_t)slot * STATE_SLOT;
}

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
 * One good record is enough; two that differ are a store that was made over another one, when
 * the power went, and the first was written first.
 */
static int read_records(struct state_store *s, enum state_record_found *best, struct err *e)
{
	enum state_record_found found[2];
	struct state_record record[2];
	uint8_t block[STATE_BLOCK];

	for (int i = 0; i < 2; i++) {
		if (blkio_read(s->io, block, sizeof(block), i ? STATE_RECORD_AGAIN : 0, e) < 0)
			return -1;
		found[i] = state_record_read(block, &record[i]);
	}
	if (found[0] == STATE_RECORD_GOOD || found[1] == STATE_RECORD_GOOD) {
		*best = STATE_RECORD_GOOD;
		s->record = record[found[0] != STATE_RECORD_GOOD];
		s->mend = found[0] != found[1] ||
			  memcmp(&record[0], &record[1], sizeof(record[0])) != 0;
		return 0;
	}
	*best = found[0] > found[1] ? found[0] : found[1];
	return 0;
}

/* One slot: its header to the ring, or to who wants to hear of it. */
static int read_slot(struct state_store *s, uint32_t slot, bool *any, state_tell *tell,
		     void *context, struct err *e)
{
	enum state_header_found found;
	uint8_t block[STATE_BLOCK];
	struct state_header h;

	if (blkio_read(s->io, block, sizeof(block), slot_at(slot), e) < 0)
		return -1;
	found = state_header_read(block, slot, &s->record, &h);
	if (found == STATE_HEADER_NONE)
		return 0;
	*any = true;
	if (found == STATE_HEADER_GOOD)
		return state_ring_add(&s->ring, &h, e) < 0 ? -1 : 0;
	say(tell, context, "slot %" PRIu32 ", generation %" PRIu64 ": is %s", slot, h.number,
	    state_header_word(found));
	return 0;
}

static int begin(struct state_store *s, struct blkio *io, struct err *e)
{
	uint64_t slots = io->size / STATE_SLOT;

	memset(s, 0, sizeof(*s));
	if (slots < STATE_SLOTS_MIN)
		return err_set(e, ERR_INVALID, "%s: is too small for a store of state", io->name);
	s->io = io;
	s->ring.slots = slots < STATE_SLOTS_MAX ? (uint32_t)slots : STATE_SLOTS_MAX;
	return 0;
}

int state_store_open(struct state_store *s, struct blkio *io, enum state_store_kind *kind,
		     state_tell *tell, void *context, struct err *e)
{
	enum state_record_found record;
	bool any = false;

	if (begin(s, io, e) < 0)
		return -1;
	if (read_records(s, &record, e) < 0)
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
	*kind = record == STATE_RECORD_GOOD ? STATE_STORE_READY : STATE_STORE_BLANK;
	return 0;
}

void state_store_close(struct state_store *s)
{
	state_ring_free(&s->ring);
}

/* The second only when the first is on the medium: one of them is always whole. */
static int write_records(struct state_store *s, struct err *e)
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

/* Headers of another store would be said to be foreign at every start. */
static int clear_slots(struct state_store *s, struct err *e)
{
	static const uint8_t zeros[STATE_BLOCK];
	uint8_t block[STATE_BLOCK];
	struct state_header h;

	for (uint32_t slot = 1; slot < s->ring.slots; slot++) {
		if (blkio_read(s->io, block, sizeof(block), slot_at(slot), e) < 0)
			return -1;
		if (state_header_read(block, slot, &s->record, &h) != STATE_HEADER_NONE &&
		    blkio_write(s->io, zeros, sizeof(zeros), slot_at(slot), e) < 0)
			return -1;
	}
	return blkio_flush(s->io, e);
}

int state_store_make(struct state_store *s, struct blkio *io, struct err *e)
{
	if (begin(s, io, e) < 0)
		return -1;
	if (RAND_bytes(s->record.id, STATE_ID) != 1 || RAND_bytes(s->record.key, STATE_KEY) != 1)
		return err_set(e, ERR_SYSTEM, "no random numbers for the key of a store");
	if (clear_slots(s, e) < 0)
		return -1;
	return write_records(s, e);
}

/* The payload of a header, compared with its digest. */
static int read_payload(const struct state_store *s, const struct state_header *h,
			uint8_t **payload, struct err *e)
{
	_cleanup_free_ uint8_t *data = malloc(h->size);
	uint8_t sum[STATE_SUM];

	if (!data)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (blkio_read(s->io, data, h->size, slot_at(h->slot) + STATE_BLOCK, e) < 0)
		return -1;
	SHA256(data, h->size, sum);
	if (memcmp(sum, h->sum, STATE_SUM) != 0)
		return err_set(e, ERR_INVALID, "%s: generation %" PRIu64 " of the state is damaged",
			       s->io->name, h->number);
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
	if (blkio_read(s->io, block, sizeof(block), slot_at(h->slot), e) < 0)
		return -1;
	if (memcmp(block, want, sizeof(block)) != 0)
		return err_set(e, ERR_CONFLICT, "%s: generation %" PRIu64 " is not where it was",
			       s->io->name, h->number);
	return 0;
}

static int write_payload(struct state_store *s, uint32_t slot, const uint8_t *payload,
			 uint32_t size, struct err *e)
{
	uint64_t at = slot_at(slot) + STATE_BLOCK;

	for (uint32_t done = 0; done < size;) {
		uint32_t part = size - done < WRITE_STEP ? size - done : WRITE_STEP;

		if (blkio_write(s->io, payload + done, part, at + done, e) < 0)
			return -1;
		done += part;
	}
	return blkio_flush(s->io, e);
}

int state_store_append(struct state_store *s, const struct state_header *keep,
		       struct state_header *h, const uint8_t *payload, uint32_t size, struct err *e)
{
	uint8_t block[STATE_BLOCK];

	h->number = state_ring_next(&s->ring);
	h->size = size;
	h->flags = 0;
	if (state_ring_plan(&s->ring, keep, size, &h->slot, e) < 0)
		return -1;
	SHA256(payload, size, h->sum);
	state_header_write(h, &s->record, block);
	if (s->mend && write_records(s, e) < 0)
		return -1;
	if (write_payload(s, h->slot, payload, size, e) < 0 ||
	    blkio_write(s->io, block, sizeof(block), slot_at(h->slot), e) < 0 ||
	    blkio_flush(s->io, e) < 0)
		return -1;
	return state_ring_add(&s->ring, h, e) < 0 ? -1 : 0;
}
