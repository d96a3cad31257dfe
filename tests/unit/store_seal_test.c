// SPDX-License-Identifier: Apache-2.0
/* A store whose key somebody keeps: what the medium gives away, what is refused, conversion. */
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_seal.h"
#include "tests/unit/powercut.h"
#include "tests/unit/unit.h"
#include "userworld/state/cipher.h"
#include "userworld/state/store.h"

#define SLOTS 10
#define SIZE ((size_t)SLOTS * STATE_SLOT)
#define KIND 32 /* of the key: where a record has it */
#define SECRET "$6$the-hash-of-a-password"

static uint8_t own = 7, other = 9, none;

struct said {
	unsigned int count;
	char last[256];
};

static void listen(void *context, const char *text)
{
	struct said *said = context;

	said->count++;
	snprintf(said->last, sizeof(said->last), "%s", text);
}

static int open_with(struct powercut *pc, struct state_store *s, uint8_t *tpm, struct said *said,
		     struct err *e)
{
	struct state_seal seal = fake_seal(tpm);
	enum state_store_kind kind = STATE_STORE_BLANK;
	int rc;

	memset(said, 0, sizeof(*said));
	*e = (struct err)ERR_INIT;
	rc = state_store_open(s, powercut_disk(pc), &seal, &kind, listen, said, e);
	if (rc == 0)
		assert_int_equal(kind, STATE_STORE_READY);
	return rc;
}

static void reopen(struct powercut *pc, struct state_store *s, struct said *said)
{
	struct err e;

	state_store_close(s);
	if (open_with(pc, s, &own, said, &e) < 0)
		fail_msg("%s", e.text);
}

/* The secret, many times, behind the generation's number. */
static uint8_t *payload_of(uint64_t number, uint32_t size)
{
	uint8_t *data = malloc(size);

	for (uint32_t i = 0; i < size; i++)
		data[i] = (uint8_t)SECRET[i % strlen(SECRET)];
	data[0] = (uint8_t)number;
	return data;
}

enum how { APPEND, SEAL, CLEAR };

static int save(struct state_store *s, enum how how, uint32_t size, struct err *e)
{
	const struct state_header *keep = s->ring.count ? &s->ring.list[0] : NULL;
	struct state_header h = { .format = STATE_FORMAT, .follows = keep ? keep->number : 0 };
	uint8_t *data = payload_of(state_ring_next(&s->ring), size);
	struct state_header kept;
	struct state_seal seal = fake_seal(&own);
	int rc;

	if (keep) { /* the ring may go while it is being used, as in a keeper */
		kept = *keep;
		keep = &kept;
	}
	rc = how == APPEND
		     ? state_store_append(s, keep, &h, data, size, e)
		     : state_store_convert(s, how == SEAL ? &seal : NULL, keep, &h, data, size, e);
	free(data);
	return rc;
}

static void must_save(struct state_store *s, enum how how, uint32_t size)
{
	struct err e = ERR_INIT;

	if (save(s, how, size, &e) < 0)
		fail_msg("%s", e.text);
}

static void newest_is(struct state_store *s, uint64_t number)
{
	struct state_header h = { 0 };
	struct err e = ERR_INIT;
	uint8_t *data = NULL, *want;

	if (state_store_newest(s, &h, &data, NULL, NULL, &e) != (number ? 1 : 0))
		fail_msg("%s", e.text);
	assert_int_equal(h.number, number);
	if (number) {
		want = payload_of(number, h.size);
		assert_memory_equal(data, want, h.size);
		free(want);
		free(data);
	}
}

static bool on_disk(struct powercut *pc, const void *what, size_t len)
{
	return memmem(powercut_bytes(pc), SIZE, what, len) != NULL;
}

static struct powercut *sealed_disk(struct state_store *s, unsigned int generations)
{
	struct powercut *pc = powercut_new(NULL, SIZE);
	struct state_seal seal = fake_seal(&own);
	struct err e = ERR_INIT;

	assert_int_equal(state_store_make(s, powercut_disk(pc), &seal, &e), 0);
	for (unsigned int i = 0; i < generations; i++)
		must_save(s, APPEND, 3000 + i);
	assert_int_equal(state_store_wipe(s, &e), 0);
	return pc;
}

static void nothing_is_told(void **state)
{
	struct state_store s;
	struct said said;
	struct powercut *pc = sealed_disk(&s, 3);

	(void)state;
	assert_false(on_disk(pc, SECRET, strlen(SECRET)));
	assert_false(on_disk(pc, s.record.key, STATE_KEY));
	assert_false(on_disk(pc, s.record.mac, STATE_KEY));
	reopen(pc, &s, &said);
	assert_int_equal(said.count, 0);
	assert_int_equal(s.ring.count, 3);
	assert_false(s.record.wipe);
	newest_is(&s, 3);
	/* The same content again is other bytes: nobody sees that nothing has changed. */
	assert_int_equal(s.ring.list[0].flags, STATE_ENCRYPTED);
	must_save(&s, APPEND, 3000);
	must_save(&s, APPEND, 3000);
	assert_memory_not_equal(s.ring.list[0].nonce, s.ring.list[1].nonce, STATE_NONCE);
	state_store_close(&s);
	powercut_free(pc);
}

static void refused(void **state)
{
	enum state_store_kind kind;
	struct state_store s, again;
	struct err e = ERR_INIT;
	struct said said;
	struct powercut *pc = sealed_disk(&s, 1);

	(void)state;
	assert_int_equal(open_with(pc, &again, &none, &said, &e), -1);
	assert_true(again.locked);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_non_null(strstr(e.text, "there is no TPM"));
	assert_int_equal(open_with(pc, &again, &other, &said, &e), -1);
	assert_true(again.locked);
	assert_non_null(strstr(e.text, "sealed by TPM 7"));
	assert_int_equal(state_store_open(&again, powercut_disk(pc), NULL, &kind, NULL, NULL, &e),
			 -1);
	assert_true(again.locked);
	assert_non_null(strstr(e.text, "sealed by the TPM of a host"));
	/* Nothing was written by that. */
	reopen(pc, &s, &said);
	newest_is(&s, 1);
	state_store_close(&s);
	powercut_free(pc);
}

/* Somebody changes the record and makes its digest right: each byte of it counts. */
static void changed_record(void **state)
{
	struct state_store s, again;
	struct said said;
	struct powercut *pc = sealed_disk(&s, 1);
	uint8_t saved[STATE_BLOCK];

	(void)state;
	memcpy(saved, powercut_bytes(pc), STATE_BLOCK);
	for (size_t i = 8; i < STATE_BLOCK - STATE_SUM; i += i < 200 ? 1 : 37) {
		uint8_t block[STATE_BLOCK];
		struct err e;

		memcpy(block, saved, STATE_BLOCK);
		block[i] ^= 1;
		SHA256(block, STATE_BLOCK - STATE_SUM, block + STATE_BLOCK - STATE_SUM);
		memcpy(powercut_bytes(pc), block, STATE_BLOCK);
		memcpy(powercut_bytes(pc) + STATE_RECORD_AGAIN, block, STATE_BLOCK);
		if (open_with(pc, &again, &own, &said, &e) < 0) {
			assert_int_equal(e.kind, ERR_INVALID);
			continue;
		}
		/* A record in the clear: what was sealed is nothing to it, and it says so. */
		if (i != KIND || again.ring.count || !said.count)
			fail_msg("byte %zu may be changed", i);
		state_store_close(&again);
	}
	state_store_close(&s);
	powercut_free(pc);
}

/* An older release knows no such record, and a sealed store takes no generation in the clear. */
static void not_mixed(void **state)
{
	struct state_store s;
	struct said said;
	struct powercut *pc = sealed_disk(&s, 2);
	uint8_t *block = powercut_bytes(pc) + state_slot_at(s.ring.list[0].slot);

	(void)state;
	assert_int_equal(powercut_bytes(pc)[KIND], 1); /* what it looks at */
	s.ring.list[0].flags = 0;
	state_header_write(&s.ring.list[0], &s.record, block);
	reopen(pc, &s, &said);
	assert_non_null(strstr(said.last, "that this build does not know"));
	newest_is(&s, 1);
	state_store_close(&s);
	powercut_free(pc);
}

/* From the clear, with old generations all over the medium, and back. */
static void converted(void **state)
{
	struct powercut *pc = powercut_new(NULL, SIZE);
	struct err e = ERR_INIT;
	struct state_store s;
	struct said said;
	uint8_t plain[STATE_KEY];

	(void)state;
	assert_int_equal(state_store_make(&s, powercut_disk(pc), NULL, &e), 0);
	for (unsigned int i = 0; i < SLOTS - 1; i++) /* a round: no slot is without something */
		must_save(&s, APPEND, 9000);
	for (unsigned int i = 0; i < 3; i++)
		must_save(&s, APPEND, i == 1 ? STATE_SLOT + 5000 : 9000);
	assert_int_equal(state_store_wipe(&s, &e), 0); /* nothing to do */
	assert_int_equal(s.ring.list[0].number, SLOTS + 2);
	memcpy(plain, s.record.key, STATE_KEY);
	assert_true(on_disk(pc, SECRET, strlen(SECRET)));
	must_save(&s, SEAL, 700);
	assert_true(s.record.wipe);
	assert_true(on_disk(pc, SECRET, strlen(SECRET)));
	/* The power goes before the wipe: it is still to be done, and nobody complains. */
	reopen(pc, &s, &said);
	assert_int_equal(said.count, 0);
	assert_true(s.record.wipe);
	newest_is(&s, SLOTS + 3);
	assert_int_equal(state_store_wipe(&s, &e), 0);
	assert_false(on_disk(pc, SECRET, 8));
	assert_false(on_disk(pc, plain, STATE_KEY));
	reopen(pc, &s, &said);
	assert_int_equal(said.count, 0);
	assert_false(s.record.wipe);
	assert_int_equal(s.ring.count, 1);
	newest_is(&s, SLOTS + 3);

	must_save(&s, APPEND, 100);
	must_save(&s, CLEAR, 100);
	reopen(pc, &s, &said);
	assert_int_equal(said.count, 0);
	assert_false(s.record.sealed);
	assert_int_equal(s.ring.count, 1);
	newest_is(&s, SLOTS + 5);
	state_store_close(&s);
	powercut_free(pc);
}

/* Who cannot seal, or whose medium is pulled, has the store as it was. */
static void conversion_fails(void **state)
{
	struct powercut *pc = powercut_new(NULL, SIZE);
	struct state_seal seal = fake_seal(&none);
	struct state_header h = { .format = STATE_FORMAT };
	struct err e = ERR_INIT;
	struct state_store s;
	struct said said;

	(void)state;
	assert_int_equal(state_store_make(&s, powercut_disk(pc), NULL, &e), 0);
	must_save(&s, APPEND, 100);
	assert_int_equal(
		state_store_convert(&s, &seal, &s.ring.list[0], &h, (const uint8_t *)"x", 1, &e),
		-1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	for (long n = 0; n < 4; n++) { /* payload, flush, header, flush */
		powercut_pull(pc, n);
		assert_int_equal(save(&s, SEAL, 100, &e), -1);
		powercut_pull(pc, -1);
		reopen(pc, &s, &said);
		assert_false(s.record.sealed);
		newest_is(&s, 1);
	}
	must_save(&s, SEAL, 100);
	for (long n = 0; n < 2; n++) {
		powercut_pull(pc, n);
		assert_int_equal(state_store_wipe(&s, &e), -1);
		powercut_pull(pc, -1);
		reopen(pc, &s, &said);
		assert_true(s.record.wipe);
		newest_is(&s, 2);
	}
	must_save(&s, APPEND, 100); /* it can go on before all is wiped */
	assert_int_equal(state_store_wipe(&s, &e), 0);
	reopen(pc, &s, &said);
	newest_is(&s, 3);
	assert_int_equal(s.ring.count, 2);
	assert_false(on_disk(pc, SECRET, 8));
	state_store_close(&s);
	powercut_free(pc);
}

/* A disk with sectors that cannot be read before they were written. */
struct worn {
	struct blkio io;
	struct blkio *under;
	uint64_t from, to;
};

static int worn_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	struct worn *w = (struct worn *)io;

	if (at < w->to && w->from < at + len)
		return err_set(e, ERR_UNAVAILABLE, "cannot be read");
	return blkio_read(w->under, buf, len, at, e);
}

static int worn_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	struct worn *w = (struct worn *)io;

	if (at <= w->from && at + len >= w->to)
		w->from = w->to = 0;
	return blkio_write(w->under, buf, len, at, e);
}

static int worn_flush(struct blkio *io, struct err *e)
{
	return blkio_flush(((struct worn *)io)->under, e);
}

static void unreadable_is_wiped(void **state)
{
	static const struct blkio_ops ops = { worn_read, worn_write, worn_flush, NULL };
	struct powercut *pc = powercut_new(NULL, SIZE);
	struct err e = ERR_INIT;
	struct state_store s;
	struct worn w;

	(void)state;
	assert_int_equal(state_store_make(&s, powercut_disk(pc), NULL, &e), 0);
	for (unsigned int i = 0; i < 3; i++)
		must_save(&s, APPEND, 9000);
	must_save(&s, SEAL, 100);
	w = (struct worn){ .io = *powercut_disk(pc),
			   .under = powercut_disk(pc),
			   .from = state_slot_at(2) + STATE_BLOCK + 512,
			   .to = state_slot_at(2) + STATE_BLOCK + 1024 };
	w.io.ops = &ops;
	s.io = &w.io;
	if (state_store_wipe(&s, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(w.to, 0);
	assert_false(on_disk(pc, SECRET, 8));
	state_store_close(&s);
	powercut_free(pc);
}

/* HKDF as RFC 5869 says: computed with Python's hmac from the same numbers. */
static void keys_of_a_key(void **state)
{
	static const uint8_t want[STATE_KEY] = {
		0x6a, 0x74, 0xc5, 0x3a, 0xf4, 0xdc, 0x02, 0xa5, 0xb1, 0x6a, 0x7b,
		0xbf, 0xc2, 0xbb, 0xa4, 0xd5, 0x2a, 0x90, 0xd9, 0x84, 0x8a, 0xb0,
		0x9a, 0x19, 0x5a, 0x1c, 0xcf, 0x6c, 0x49, 0x49, 0x79, 0xce,
	};
	uint8_t key[STATE_KEY], id[STATE_ID], out[STATE_KEY];
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < STATE_KEY; i++)
		key[i] = (uint8_t)i;
	for (int i = 0; i < STATE_ID; i++)
		id[i] = (uint8_t)(0xa0 + i);
	assert_int_equal(state_cipher_derive(key, id, STATE_LABEL_PAYLOAD, out, &e), 0);
	assert_memory_equal(out, want, STATE_KEY);
	assert_int_equal(state_cipher_derive(key, id, STATE_LABEL_HEADER, out, &e), 0);
	assert_memory_not_equal(out, want, STATE_KEY);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_told),     cmocka_unit_test(refused),
		cmocka_unit_test(changed_record),      cmocka_unit_test(not_mixed),
		cmocka_unit_test(converted),	       cmocka_unit_test(conversion_fails),
		cmocka_unit_test(unreadable_is_wiped), cmocka_unit_test(keys_of_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
