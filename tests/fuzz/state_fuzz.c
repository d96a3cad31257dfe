// SPDX-License-Identifier: Apache-2.0
/*
 * State from anywhere. The first byte chooses: a medium whose slots have such headers, with HMACs
 * that are right for every second one, in the clear or sealed, its record perhaps as the input
 * says; or an archive of state files. From any medium one can go on: the newest generation is found
 * or there is none, and a further one is saved beside it, or in a conversion.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_seal.h"
#include "userworld/state/cipher.h"
#include "userworld/state/snapshot.h"
#include "userworld/state/store.h"

#define SLOTS 8
#define FIELDS 480 /* bytes of a header before its filling */
#define RECORD 160 /* bytes of the record that an input can change */
#define SIGNED (STATE_BLOCK - STATE_SUM)

enum how { ARCHIVE = 1, SEALED = 2, OTHER_RECORD = 4, CONVERT = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t disk[SLOTS * STATE_SLOT];

static int disk_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	(void)io, (void)e;
	memcpy(buf, disk + at, len);
	return 0;
}

static int disk_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	(void)io, (void)e;
	memcpy(disk + at, buf, len);
	return 0;
}

static int disk_flush(struct blkio *io, struct err *e)
{
	(void)io, (void)e;
	return 0;
}

static const struct blkio_ops ops = { disk_read, disk_write, disk_flush, NULL };

static uint8_t number = 7;

static void make_record(struct state_record *r, bool sealed)
{
	struct state_seal seal = fake_seal(&number);

	*r = (struct state_record){ .id = { 1 }, .key = { 2 }, .mac = { 2 }, .sealed = sealed };
	if (!sealed)
		return;
	r->object_len = (uint32_t)seal.seal(seal.context, r->key, r->object, NULL);
	if (state_cipher_derive(r->key, r->id, STATE_LABEL_HEADER, r->mac, NULL) < 0)
		abort();
}

/* What the input says is xored into the record, whose digest is right all the same. */
static size_t change_record(const uint8_t *data, size_t size)
{
	size_t part = size < RECORD ? size : RECORD;

	for (size_t i = 0; i < part; i++)
		disk[8 + i] ^= data[i];
	SHA256(disk, SIGNED, disk + SIGNED);
	memcpy(disk + STATE_RECORD_AGAIN, disk, STATE_BLOCK);
	return part;
}

/* Slots that begin with what the input says, of one store. */
static void make_disk(const uint8_t *data, size_t size, unsigned int how)
{
	struct state_record record;

	make_record(&record, how & SEALED);
	for (size_t slot = 0; slot < SLOTS; slot++)
		memset(disk + slot * STATE_SLOT, 0, 2 * STATE_BLOCK);
	state_record_write(&record, disk);
	state_record_write(&record, disk + STATE_RECORD_AGAIN);
	if (how & OTHER_RECORD) {
		size_t part = change_record(data, size);

		data += part;
		size -= part;
	}
	for (size_t slot = 1; slot < SLOTS && size; slot++) {
		uint8_t *at = disk + slot * STATE_SLOT;
		size_t part = size < FIELDS ? size : FIELDS;
		unsigned int len;

		memcpy(at, data, part);
		if (slot % 2) {
			memcpy(at + 80, record.id, STATE_ID);
			HMAC(EVP_sha256(), record.mac, STATE_KEY, at, SIGNED, at + SIGNED, &len);
		}
		data += part;
		size -= part;
	}
}

static void check_text(const char *text, size_t most)
{
	if (strlen(text) > most)
		abort();
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			abort();
}

static void save(struct state_store *s, const struct state_header *keep, bool convert)
{
	struct state_seal seal = fake_seal(&number);
	static const uint8_t payload[3000] = { 7 };
	struct state_header h = { .format = STATE_FORMAT }, newest;
	struct err e = ERR_INIT;
	uint8_t *found;

	if (state_ring_next(&s->ring) == 0)
		return; /* no host saves so often */
	if ((convert ? state_store_convert(s, s->record.sealed ? NULL : &seal, keep, &h, payload,
					   sizeof(payload), &e)
		     : state_store_append(s, keep, &h, payload, sizeof(payload), &e)) < 0) {
		if (e.kind != ERR_NO_SPACE || !keep)
			abort();
		return;
	}
	if (keep && h.slot < keep->slot + state_slots_of(keep->size) &&
	    keep->slot < h.slot + state_slots_of(h.size))
		abort();
	if (state_store_wipe(s, &e) < 0 || (convert && s->ring.count != 1))
		abort();
	if (state_store_newest(s, &newest, &found, NULL, NULL, &e) != 1 ||
	    newest.number != h.number)
		abort();
	free(found);
}

static void use_disk(unsigned int how)
{
	static const char name[] = "disk";
	struct blkio io = { .ops = &ops, .name = name, .size = sizeof(disk), .sector = 512 };
	struct state_seal seal = fake_seal(&number);
	enum state_store_kind kind;
	struct err e = ERR_INIT;
	struct state_header h;
	struct state_store s;
	uint8_t *payload = NULL;
	int rc;

	if (state_store_open(&s, &io, &seal, &kind, NULL, NULL, &e) < 0) {
		if (!(how & OTHER_RECORD) || e.kind != ERR_INVALID)
			abort();
		return;
	}
	if (kind != STATE_STORE_READY)
		abort();
	for (size_t i = 0; i < s.ring.count; i++) {
		check_text(s.ring.list[i].who, STATE_WHO_MAX);
		check_text(s.ring.list[i].why, STATE_WHY_MAX);
		check_text(s.ring.list[i].build, STATE_BUILD_MAX);
	}
	rc = state_store_newest(&s, &h, &payload, NULL, NULL, &e);
	if (rc < 0)
		abort();
	free(payload);
	save(&s, rc ? &h : NULL, how & CONVERT);
	state_store_close(&s);
}

static void read_archive(const uint8_t *data, size_t size)
{
	struct state_snapshot s = { 0 }, again = { 0 };
	struct err e = ERR_INIT;
	uint8_t *packed;
	size_t len;

	if (state_snapshot_unpack(&s, "input", data, size, &e) < 0) {
		if (e.kind == ERR_NONE || !e.text[0])
			abort();
		return;
	}
	if (state_snapshot_pack(&s, STATE_ZSTD, &packed, &len, &e) < 0 ||
	    state_snapshot_unpack(&again, "again", packed, len, &e) < 0 ||
	    !state_snapshot_same(&s, &again))
		abort();
	free(packed);
	state_snapshot_free(&s);
	state_snapshot_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] & ARCHIVE) {
		read_archive(data + 1, size - 1);
	} else {
		make_disk(data + 1, size - 1, data[0]);
		use_disk(data[0]);
	}
	return 0;
}
