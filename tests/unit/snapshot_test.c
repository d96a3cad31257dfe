// SPDX-License-Identifier: Apache-2.0
/* Snapshots: packed and unpacked, compared, and what is refused. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/state/snapshot.h"

static void put(struct state_snapshot *s, const char *path, const char *text, mode_t mode)
{
	struct state_file f = { .path = strdup(path), .mode = mode, .mtime = 1700000000 };
	struct err e = ERR_INIT;

	f.deleted = !text;
	if (text) {
		f.data = strdup(text);
		f.size = strlen(text);
	}
	if (state_snapshot_add(s, &f, &e) < 0)
		fail_msg("%s", e.text);
}

static void there_and_back(void **state)
{
	static const enum state_packing packings[] = { STATE_ZSTD, STATE_GZIP };
	struct state_snapshot s = { 0 }, back = { 0 };
	const struct state_file *f;
	struct err e = ERR_INIT;
	uint8_t *data;
	size_t len;

	(void)state;
	put(&s, "/etc/shadow", "root:x\n", 01600);
	put(&s, "/etc/empty", "", 01644);
	put(&s, "/etc/gone", NULL, 0);
	put(&s, "/etc/also/gone", NULL, 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(state_snapshot_pack(&s, packings[i], &data, &len, &e), 0);
		if (state_snapshot_unpack(&back, "test", data, len, &e) < 0)
			fail_msg("%s", e.text);
		assert_true(state_snapshot_same(&s, &back));
		f = state_snapshot_find(&back, "/etc/shadow");
		assert_non_null(f);
		assert_int_equal(f->mode, 01600);
		assert_int_equal(f->mtime, 1700000000);
		assert_string_equal(f->data, "root:x\n");
		assert_true(state_snapshot_find(&back, "/etc/gone")->deleted);
		/* Cut anywhere: refused, or all of it (what follows the last file is filling). */
		for (size_t cut = 0; cut < len; cut += 7) {
			struct state_snapshot part = { 0 };

			if (state_snapshot_unpack(&part, "test", data, cut, &e) == 0)
				assert_true(state_snapshot_same(&s, &part));
			state_snapshot_free(&part);
		}
		state_snapshot_free(&back);
		free(data);
	}
	/* Nothing is something, too: what a reset writes. */
	state_snapshot_free(&s);
	assert_int_equal(state_snapshot_pack(&s, STATE_ZSTD, &data, &len, &e), 0);
	assert_int_equal(state_snapshot_unpack(&back, "test", data, len, &e), 0);
	assert_int_equal(back.count, 0);
	free(data);
}

struct seen {
	char text[256];
};

static int note(void *context, enum state_change_kind kind, const struct state_file *from,
		const struct state_file *to, struct err *e)
{
	struct seen *seen = context;

	(void)e;
	strcat(seen->text, to ? to->path : from->path);
	strcat(seen->text, " ");
	strcat(seen->text, state_change_word(kind));
	strcat(seen->text, "\n");
	return 0;
}

static void differences(void **state)
{
	struct state_snapshot a = { 0 }, b = { 0 };
	struct seen seen = { "" };

	(void)state;
	put(&a, "/a", "same", 01644);
	put(&a, "/b", "old", 01644);
	put(&a, "/c", "mode", 01644);
	put(&a, "/d", "reverted", 01644);
	put(&a, "/e", "deleted", 01644);
	put(&a, "/g", NULL, 0);
	put(&b, "/a", "same", 01644);
	put(&b, "/b", "new", 01600);
	put(&b, "/c", "mode", 01600);
	put(&b, "/e", NULL, 0);
	put(&b, "/f", "added", 01644);
	put(&b, "/g", "back", 01644);
	assert_int_equal(state_snapshot_diff(&a, &b, note, &seen, NULL), 0);
	assert_string_equal(seen.text, "/b changed\n/c attributes\n/d reverted\n/e deleted\n"
				       "/f added\n/g added\n");
	assert_false(state_snapshot_same(&a, &b));
	assert_true(state_snapshot_same(&a, &a));
	state_snapshot_free(&a);
	state_snapshot_free(&b);
}

static void refuses(void **state)
{
	static const char *const bad[] = { "etc/x", "/",     "/etc//x",	 "/etc/../x",
					   "/./x",  "/etc/", "/etc/\nx", "" };
	struct state_snapshot s = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	put(&s, "/etc/x", "", 01644);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct state_file f = { .path = strdup(bad[i]), .data = strdup("") };

		assert_int_equal(state_snapshot_add(&s, &f, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
	}
	assert_int_equal(s.count, 1);
	state_snapshot_free(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(differences),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
