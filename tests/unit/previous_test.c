// SPDX-License-Identifier: Apache-2.0
/* What releases wrote (tests/formats) is read by the code of today. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tardisk/bundle.h"
#include "tardisk/depot.h"
#include "tardisk/index.h"
#include "tests/unit/release.h"
#include "tests/unit/unit.h"
#include "userworld/bank/bank.h"
#include "userworld/bank/fat.h"
#include "userworld/bank/layout.h"
#include "userworld/bank/trial.h"
#include "userworld/core/bundle/record.h"
#include "userworld/install/answers.h"
#include "userworld/state/layout.h"
#include "userworld/state/snapshot.h"
#include "userworld/state/store.h"

static void good(int rc, const struct err *e)
{
	if (rc < 0)
		fail_msg("%s", e->text);
}

static void no_damage(void *context, const char *text)
{
	(void)context;
	fail_msg("%s", text);
}

/* The files that the host had, those that it had deleted, and their modes. */
static void look_at_snapshot(const struct release *r, const struct state_snapshot *s)
{
	json_t *state = json_object_get(r->expected, "state"), *value;
	const struct state_file *f;
	const char *path;
	size_t i;

	assert_true(json_object_size(json_object_get(state, "files")) >= 4);
	json_object_foreach (json_object_get(state, "files"), path, value) {
		f = state_snapshot_find(s, path);
		assert_true(f && !f->deleted);
		assert_string_equal(f->data, json_string_value(value));
	}
	json_object_foreach (json_object_get(state, "modes"), path, value) {
		f = state_snapshot_find(s, path);
		assert_non_null(f);
		assert_int_equal(f->mode, json_integer_value(value));
	}
	json_array_foreach (json_object_get(state, "deleted"), i, value) {
		f = state_snapshot_find(s, json_string_value(value));
		assert_true(f && f->deleted);
	}
}

static void unpack(struct state_snapshot *s, const void *data, size_t len)
{
	struct err e = ERR_INIT;

	*s = (struct state_snapshot){ 0 };
	good(state_snapshot_unpack(s, "a release", data, len, &e), &e);
}

static void open_store(struct state_store *s, struct blkio *io)
{
	enum state_store_kind kind;
	struct err e = ERR_INIT;

	good(state_store_open(s, io, NULL, &kind, no_damage, NULL, &e), &e);
	assert_int_equal(kind, STATE_STORE_READY);
}

/* Another generation is saved behind those that are there. */
static void go_on(struct blkio *io, const struct state_header *newest, const uint8_t *payload)
{
	struct state_header h = { .follows = newest->number, .format = STATE_FORMAT }, found;
	struct state_store s;
	struct err e = ERR_INIT;
	uint8_t *again;

	open_store(&s, io);
	good(state_store_append(&s, newest, &h, payload, newest->size, &e), &e);
	state_store_close(&s);
	open_store(&s, io);
	good(state_store_newest(&s, &found, &again, no_damage, NULL, &e), &e);
	assert_int_equal(found.number, newest->number + 1);
	free(again);
	good(state_store_read(&s, newest->number, &found, &again, &e), &e);
	free(again);
	state_store_close(&s);
}

static void read_state(const struct release *r)
{
	struct blkio *io = release_disk(r, "state.img");
	struct state_snapshot snapshot;
	struct state_header h;
	struct state_store s;
	struct err e = ERR_INIT;
	uint8_t *payload;

	open_store(&s, io);
	assert_int_equal(s.ring.count, release_number(r, "state", "generations"));
	for (size_t i = 0; i < s.ring.count; i++) {
		good(state_store_read(&s, s.ring.list[i].number, &h, &payload, &e), &e);
		unpack(&snapshot, payload, h.size);
		state_snapshot_free(&snapshot);
		free(payload);
	}
	assert_int_equal(state_store_newest(&s, &h, &payload, no_damage, NULL, &e), 1);
	assert_int_equal(h.number, release_number(r, "state", "newest"));
	unpack(&snapshot, payload, h.size);
	look_at_snapshot(r, &snapshot);
	state_snapshot_free(&snapshot);
	state_store_close(&s);
	go_on(io, &h, payload);
	free(payload);
	blkio_close(io);
}

static void read_backup(const struct release *r)
{
	struct state_snapshot snapshot;
	size_t len;
	char *data = release_packed(r, "state.tar", &len);

	unpack(&snapshot, data, len);
	look_at_snapshot(r, &snapshot);
	state_snapshot_free(&snapshot);
	free(data);
}

static void read_bank(const struct release *r)
{
	struct blkio *io = release_disk(r, "bank.img");
	struct bank_view view;
	struct err e = ERR_INIT;
	struct bank_layout l;
	struct bank b;

	good(bank_look(io, &b, &e), &e);
	if (!b.there)
		fail_msg("%s", b.why_not);
	assert_string_equal(b.cfg.build, release_text(r, "bank", "build"));
	bank_view(&b, &view);
	assert_true(view.counts);
	assert_int_equal(view.state, release_number(r, "bank", "state"));
	assert_int_equal(1 + b.cfg.n_modules, release_number(r, "bank", "files"));
	assert_int_equal(bank_verify(io, &b, NULL, NULL, &e), 0);
	/* So that a scrub can put it right. */
	assert_int_equal(bank_layout_learn(&l, io, &b, &e), 1);
	good(bank_set_state(io, &b, BANK_INVALID, &e), &e);
	blkio_close(io);
}

/* Into the file that the bank has for it: its places. */
static void put_trial(struct blkio *io, const char *data, size_t len)
{
	struct err e = ERR_INIT;
	struct fat_file file;
	uint32_t there;
	uint64_t where;
	struct fat f;

	good(fat_open(&f, io, &e), &e);
	good(fat_find(&f, TRIAL_FILE, &file, &e), &e);
	assert_int_equal(file.size, len);
	for (uint32_t at = 0; at < len; at += there) {
		good(fat_where(&f, &file, at, &where, &there, &e), &e);
		good(blkio_write(io, data + at, there, where, &e), &e);
	}
}

static void read_trial(const struct release *r)
{
	struct blkio *io = release_disk(r, "bank.img");
	struct err e = ERR_INIT;
	struct trial *t = calloc(1, sizeof(*t));
	size_t len;
	char *data = release_file(r, "trial.log", &len);

	assert_non_null(t);
	put_trial(io, data, len);
	good(trial_read(io, t, &e), &e);
	assert_string_equal(t->build, release_text(r, "trial", "build"));
	assert_string_equal(t->reason, release_text(r, "trial", "reason"));
	assert_string_equal(trial_outcome_name(t->outcome), release_text(r, "trial", "outcome"));
	assert_true(t->len > 0 && memmem(t->text, t->len, "vmkernel", 8));
	free(data);
	free(t);
	blkio_close(io);
}

/* The file that the bundle has, with its text. */
static void look_at_tardisk(const struct release *r, int fd)
{
	const char *path = release_text(r, "bundle", "file"), *text;
	const struct tardisk_entry *entry;
	struct tardisk_cursor c = { 0 };
	struct tardisk_index index;
	struct tardisk_file t;
	const unsigned char *data;
	struct err e = ERR_INIT;

	text = release_text(r, "bundle", "text");
	good(tardisk_file_open(&t, "a release's", fd, &e), &e);
	good(tardisk_index_load(&t, &index, &e), &e);
	entry = tardisk_index_find(&index, path, strlen(path));
	assert_true(entry && entry->size == strlen(text));
	good(tardisk_file_data(&t, &c, entry->data, entry->size, &data, &e), &e);
	assert_memory_equal(data, text, strlen(text));
	free(c.frame);
	free(index.entries);
	tardisk_file_close(&t);
	close(fd);
}

static void look_at_descriptor(const struct release *r, const struct bundle_descriptor *d)
{
	assert_string_equal(d->name, release_text(r, "bundle", "name"));
	assert_string_equal(d->version, release_text(r, "bundle", "version"));
}

static void read_bundle(const struct release *r)
{
	struct err e = ERR_INIT;
	struct bundle *b;
	size_t len;
	char *data = release_file(r, "kept.vib", &len);
	int fd = release_fd(data, len), payload = release_fd("", 0);

	good(bundle_open_fd(&b, "kept.vib", fd, &e), &e);
	look_at_descriptor(r, bundle_descriptor(b));
	assert_int_equal(bundle_descriptor(b)->n_payloads, 1);
	good(bundle_copy_payload(b, payload, &e), &e);
	good(bundle_finish(b, &e), &e);
	bundle_close(b);
	look_at_tardisk(r, payload);
	close(fd);
	free(data);
}

/* A member of bundles.img; 1 if it is one that is looked for. */
static int look_at_member(const struct release *r, const char *name, char *data, size_t len)
{
	struct bundle_record record;
	struct err e = ERR_INIT;

	if (strcmp(name, "bundles/order") == 0) {
		assert_string_equal(data, "kept.v00\n");
	} else if (strcmp(name, "bundles/kept.json") == 0) {
		good(bundle_record_parse(data, &record, &e), &e);
		look_at_descriptor(r, record.d);
		bundle_record_free(&record);
	} else if (strcmp(name, "tardisks/kept.v00") == 0) {
		look_at_tardisk(r, release_fd(data, len));
	} else {
		return 0;
	}
	return 1;
}

static void read_bundles_of_a_bank(const struct release *r)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	int found = 0;
	size_t len;
	char *data = release_file(r, "bundles.img", &len);

	archive_read_support_format_cpio(a);
	assert_int_equal(archive_read_open_memory(a, data, len), ARCHIVE_OK);
	while (archive_read_next_header(a, &entry) == ARCHIVE_OK) {
		size_t size = (size_t)archive_entry_size(entry);
		char *member = calloc(1, size + 1);

		assert_non_null(member);
		assert_int_equal(archive_read_data(a, member, size), size);
		found += look_at_member(r, archive_entry_pathname(entry), member, size);
		free(member);
	}
	assert_int_equal(found, 3);
	archive_read_free(a);
	free(data);
}

static void read_depot(const struct release *r)
{
	struct err e = ERR_INIT;
	struct depot_index index;
	size_t len;
	char *data = release_file(r, "index.json", &len);

	good(depot_index_parse(data, len, &index, &e), &e);
	assert_non_null(depot_find_bundle(&index, release_text(r, "bundle", "name"),
					  release_text(r, "bundle", "version")));
	depot_index_free(&index);
	free(data);
}

static void read_answers(const struct release *r)
{
	struct install_answers a;
	struct err e = ERR_INIT;
	size_t len;
	char *data = release_file(r, "answers.cfg", &len);

	good(install_answers_parse(&a, "answers.cfg", data, &e), &e);
	assert_string_equal(a.hostname, release_text(r, "answers", "hostname"));
	assert_int_equal(a.n_keys, 1);
	assert_int_equal(a.n_bundles, 1);
	install_answers_free(&a);
	free(data);
}

#define EACH(what)                              \
	static void test_##what(void **context) \
	{                                       \
		(void)context;                  \
		release_each(read_##what);      \
	}

EACH(state)
EACH(backup)
EACH(bank)
EACH(trial)
EACH(bundle)
EACH(bundles_of_a_bank)
EACH(depot)
EACH(answers)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state),  cmocka_unit_test(test_backup),
		cmocka_unit_test(test_bank),   cmocka_unit_test(test_trial),
		cmocka_unit_test(test_bundle), cmocka_unit_test(test_bundles_of_a_bank),
		cmocka_unit_test(test_depot),  cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
