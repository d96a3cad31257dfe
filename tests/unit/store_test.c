// SPDX-License-Identifier: Apache-2.0
/* The store of state on a disk in memory: what is found, what is refused, and where things go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/powercut.h"
#include "tests/unit/unit.h"
#include "userworld/state/store.h"

#define SLOTS 16
#define SIZE ((size_t)SLOTS * STATE_SLOT)

struct said {
	unsigned int count;
	char last[256];
};

struct disk {
	struct powercut *pc;
	struct state_store store;
	struct said said;
};

static void listen(void *context, const char *text)
{
	struct said *said = context;

	said->count++;
	snprintf(said->last, sizeof(said->last), "%s", text);
}

static int open_again(struct disk *d, enum state_store_kind *kind, struct err *e)
{
	state_store_close(&d->store);
	memset(&d->said, 0, sizeof(d->said));
	return state_store_open(&d->store, powercut_disk(d->pc), NULL, kind, listen, &d->said, e);
}

static void reopen(struct disk *d)
{
	enum state_store_kind kind;
	struct err e = ERR_INIT;

	if (open_again(d, &kind, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(kind, STATE_STORE_READY);
}

static struct disk new_disk(void)
{
	struct disk d = { .pc = powercut_new(NULL, SIZE) };
	enum state_store_kind kind;
	struct err e = ERR_INIT;

	assert_int_equal(open_again(&d, &kind, &e), 0);
	assert_int_equal(kind, STATE_STORE_BLANK);
	assert_int_equal(state_store_make(&d.store, powercut_disk(d.pc), NULL, &e), 0);
	return d;
}

static void end_disk(struct disk *d)
{
	state_store_close(&d->store);
	powercut_free(d->pc);
}

/* The payload of a generation: its number, and noise that is always the same for it. */
static uint8_t *payload_of(uint64_t number, uint32_t size)
{
	uint8_t *data = malloc(size);
	uint64_t x = number * 0x9e3779b97f4a7c15u + 1;

	for (uint32_t i = 0; i < size; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		data[i] = (uint8_t)(x >> 56);
	}
	return data;
}

static int try_append(struct disk *d, uint32_t size, uint32_t format, struct err *e)
{
	const struct state_header *keep = NULL;
	struct state_header h = { .time = 1700000000, .format = format };
	uint8_t *data = payload_of(state_ring_next(&d->store.ring), size);
	int rc;

	if (d->store.ring.count)
		keep = &d->store.ring.list[0];
	h.follows = keep ? keep->number : 0;
	snprintf(h.build, sizeof(h.build), "0.1.0-test");
	snprintf(h.who, sizeof(h.who), "root");
	snprintf(h.why, sizeof(h.why), "/etc/hostname");
	rc = state_store_append(&d->store, keep, &h, data, size, e);
	free(data);
	return rc;
}

static void append(struct disk *d, uint32_t size)
{
	struct err e = ERR_INIT;

	if (try_append(d, size, STATE_FORMAT, &e) < 0)
		fail_msg("%s", e.text);
}

/* The newest generation is this one, with its payload; 0: none. */
static void newest_is(struct disk *d, uint64_t number)
{
	struct state_header h = { 0 };
	struct err e = ERR_INIT;
	uint8_t *data = NULL, *want;
	int rc = state_store_newest(&d->store, &h, &data, listen, &d->said, &e);

	assert_int_equal(rc, number ? 1 : 0);
	assert_int_equal(h.number, number);
	if (rc == 1) {
		want = payload_of(number, h.size);
		assert_memory_equal(data, want, h.size);
		free(want);
		free(data);
	}
}

static void keeps_what_was_written(void **state)
{
	struct disk d = new_disk();
	struct state_header h;
	struct err e = ERR_INIT;
	uint8_t *data;

	(void)state;
	newest_is(&d, 0);
	append(&d, 1000);
	append(&d, 300000);
	append(&d, 1);
	reopen(&d);
	newest_is(&d, 3);
	assert_int_equal(d.said.count, 0);
	assert_int_equal(d.store.ring.count, 3);
	assert_int_equal(state_store_read(&d.store, 2, &h, &data, &e), 0);
	assert_int_equal(h.size, 300000);
	assert_int_equal(h.follows, 1);
	assert_string_equal(h.who, "root");
	assert_string_equal(h.why, "/etc/hostname");
	free(data);
	assert_int_equal(state_store_read(&d.store, 4, &h, &data, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	end_disk(&d);
}

/* Many rounds of the ring with sizes of all kinds; the newest is there after each. */
static void goes_around(void **state)
{
	struct disk d = new_disk();
	uint32_t most = state_ring_most(&d.store.ring);

	(void)state;
	srandom(3);
	for (uint64_t n = 1; n <= 200; n++) {
		append(&d, n % 7 == 0 ? most : (uint32_t)(random() % most) + 1);
		reopen(&d);
		newest_is(&d, n);
		assert_int_equal(d.said.count, 0);
		/* Those in one another's way are not said to be whole. */
		for (size_t i = 0; i < d.store.ring.count; i++) {
			struct state_header h;
			uint8_t *data;

			if (!state_ring_whole(&d.store.ring, i))
				continue;
			assert_int_equal(state_store_read(&d.store, d.store.ring.list[i].number, &h,
							  &data, NULL),
					 0);
			free(data);
		}
	}
	end_disk(&d);
}

static void too_large(void **state)
{
	struct disk d = new_disk();
	struct err e = ERR_INIT;

	(void)state;
	append(&d, 5);
	assert_int_equal(try_append(&d, state_ring_most(&d.store.ring) + 1, STATE_FORMAT, &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	newest_is(&d, 1);
	end_disk(&d);
}

/* Every byte of header and payload: a bit of it flips, and the older generation is used, loudly. */
static void damaged(void **state)
{
	struct disk d = new_disk();

	(void)state;
	append(&d, 100);
	append(&d, 100);
	for (size_t i = 0; i < STATE_BLOCK + 100; i += i < 512 ? 1 : 61) {
		uint8_t *at = powercut_bytes(d.pc) + 2 * STATE_SLOT + i;

		*at ^= 0x10;
		reopen(&d);
		newest_is(&d, 1);
		assert_int_equal(d.said.count, 1);
		*at ^= 0x10;
	}
	reopen(&d);
	newest_is(&d, 2);
	end_disk(&d);
}

/* What another store wrote, and what stood in another slot, is refused. */
static void foreign(void **state)
{
	struct disk d = new_disk(), other = new_disk();

	(void)state;
	append(&d, 100);
	append(&other, 100);
	append(&other, 100);
	memcpy(powercut_bytes(d.pc) + 2 * STATE_SLOT, powercut_bytes(other.pc) + 2 * STATE_SLOT,
	       STATE_SLOT);
	reopen(&d);
	assert_non_null(strstr(d.said.last, "generation 2: is of another store"));
	newest_is(&d, 1);
	memcpy(powercut_bytes(d.pc) + 5 * STATE_SLOT, powercut_bytes(d.pc) + STATE_SLOT,
	       STATE_SLOT);
	reopen(&d);
	assert_int_equal(d.said.count, 2);
	assert_int_equal(d.store.ring.count, 1);
	/* The same identity with another key: all is forged. */
	memcpy(powercut_bytes(d.pc) + 2 * STATE_SLOT, powercut_bytes(d.pc) + STATE_SLOT,
	       STATE_SLOT);
	d.store.record.key[0] ^= 1;
	state_record_write(&d.store.record, powercut_bytes(d.pc));
	state_record_write(&d.store.record, powercut_bytes(d.pc) + STATE_RECORD_AGAIN);
	reopen(&d);
	newest_is(&d, 0);
	assert_int_equal(d.said.count, 3);
	end_disk(&d);
	end_disk(&other);
}

static void newer_formats(void **state)
{
	struct disk d = new_disk();
	struct err e = ERR_INIT;
	uint8_t *block;

	(void)state;
	append(&d, 10);
	assert_int_equal(try_append(&d, 10, STATE_FORMAT + 1, &e), 0);
	reopen(&d);
	newest_is(&d, 1);
	assert_non_null(strstr(d.said.last, "generation 2 is of format 2"));
	/* What is written now comes after both. */
	append(&d, 10);
	reopen(&d);
	newest_is(&d, 3);
	/* A header of a later version. */
	block = powercut_bytes(d.pc) + STATE_SLOT * (size_t)d.store.ring.list[0].slot;
	d.store.ring.list[0].flags = 4;
	state_header_write(&d.store.ring.list[0], &d.store.record, block);
	reopen(&d);
	assert_non_null(strstr(d.said.last, "that this build does not know"));
	newest_is(&d, 1);
	end_disk(&d);
}

static void records(void **state)
{
	struct disk d = new_disk();
	enum state_store_kind kind;
	struct err e = ERR_INIT;
	uint8_t *bytes;

	(void)state;
	append(&d, 10);
	bytes = powercut_bytes(d.pc);
	for (size_t which = 0; which < 2; which++) {
		bytes[which * STATE_RECORD_AGAIN + 20] ^= 1;
		reopen(&d);
		assert_non_null(strstr(d.said.last, "two records"));
		append(&d, 10); /* puts it right */
		reopen(&d);
		assert_int_equal(d.said.count, 0);
	}
	bytes[20] ^= 1;
	bytes[STATE_RECORD_AGAIN + 20] ^= 1;
	assert_int_equal(open_again(&d, &kind, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_non_null(strstr(e.text, "both records"));
	/* Made anew all the same, if somebody says so: nothing of the old one is left to confuse.
	 */
	assert_int_equal(state_store_make(&d.store, powercut_disk(d.pc), NULL, &e), 0);
	reopen(&d);
	assert_int_equal(d.said.count, 0);
	newest_is(&d, 0);
	end_disk(&d);
}

static void small_and_gone(void **state)
{
	struct powercut *small = powercut_new(NULL, 2 * STATE_SLOT);
	struct disk d = new_disk();
	enum state_store_kind kind;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(
		state_store_open(&d.store, powercut_disk(small), NULL, &kind, NULL, NULL, &e), -1);
	powercut_free(small);
	reopen(&d);
	for (long n = 0; n < 4; n++) {
		powercut_pull(d.pc, n);
		assert_int_equal(try_append(&d, 10, STATE_FORMAT, &e), -1);
		assert_int_equal(e.kind, ERR_UNAVAILABLE);
	}
	powercut_pull(d.pc, -1);
	append(&d, 10);
	reopen(&d);
	newest_is(&d, 1);
	end_disk(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_was_written),
		cmocka_unit_test(goes_around),
		cmocka_unit_test(too_large),
		cmocka_unit_test(damaged),
		cmocka_unit_test(foreign),
		cmocka_unit_test(newer_formats),
		cmocka_unit_test(records),
		cmocka_unit_test(small_and_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
