// SPDX-License-Identifier: Apache-2.0
/*
 * State from anywhere. The first byte chooses: a medium whose slots have such headers, with HMACs
 * that are right for every second one, or an archive of state files. From any medium one can go on:
 * the newest generation is found or there is none, and a further one is saved beside it.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/state/snapshot.h"
#include "userworld/state/store.h"

#define SLOTS 8
#define FIELDS 448 /* bytes of a header before its filling */
#define SEALED (STATE_BLOCK - STATE_SUM)

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

/* Slots that begin with what the input says, of one store. */
static void make_disk(const uint8_t *data, size_t size)
{
	const struct state_record record = { { 1 }, { 2 } };

	for (size_t slot = 0; slot < SLOTS; slot++)
		memset(disk + slot * STATE_SLOT, 0, 2 * STATE_BLOCK);
	state_record_write(&record, disk);
	state_record_write(&record, disk + STATE_RECORD_AGAIN);
	for (size_t slot = 1; slot < SLOTS && size; slot++) {
		uint8_t *at = disk + slot * STATE_SLOT;
		size_t part = size < FIELDS ? size : FIELDS;
		unsigned int len;

		memcpy(at, data, part);
		if (slot % 2) {
			memcpy(at + 80, record.id, STATE_ID);
			HMAC(EVP_sha256(), record.key, STATE_KEY, at, SEALED, at + SEALED, &len);
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

static void save(struct state_store *s, const struct state_header *keep)
{
	static const uint8_t payload[3000] = { 7 };
	struct state_header h = { .format = STATE_FORMAT }, newest;
	struct err e = ERR_INIT;
	uint8_t *found;

	if (state_ring_next(&s->ring) == 0)
		return; /* no host saves so often */
	if (state_store_append(s, keep, &h, payload, sizeof(payload), &e) < 0) {
		if (e.kind != ERR_NO_SPACE || !keep)
			abort();
		return;
	}
	if (keep && h.slot < keep->slot + state_slots_of(keep->size) &&
	    keep->slot < h.slot + state_slots_of(h.size))
		abort();
	if (state_store_newest(s, &newest, &found, NULL, NULL, &e) != 1 ||
	    newest.number != h.number)
		abort();
	free(found);
}

static void use_disk(void)
{
	static const char name[] = "disk";
	struct blkio io = { .ops = &ops, .name = name, .size = sizeof(disk), .sector = 512 };
	enum state_store_kind kind;
	struct err e = ERR_INIT;
	struct state_header h;
	struct state_store s;
	uint8_t *payload = NULL;
	int rc;

	if (state_store_open(&s, &io, NULL, &kind, NULL, NULL, &e) < 0 || kind != STATE_STORE_READY)
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
	save(&s, rc ? &h : NULL);
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
	if (data[0] & 1) {
		read_archive(data + 1, size - 1);
	} else {
		make_disk(data + 1, size - 1);
		use_disk();
	}
	return 0;
}
