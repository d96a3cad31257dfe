// SPDX-License-Identifier: Apache-2.0
/* The bundles of a host in its other bank: what is written, and when not. */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/installed.h"
#include "tests/unit/keeping.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/bundle/bank.h"
#include "userworld/core/bundle/image.h"
#include "userworld/core/internal.h"
#include "userworld/lib/cleanup.h"

/* The file with bundles in a bank; returns its length. */
static size_t read_bundles(unsigned int bank, char *data, size_t size)
{
	struct blkio *io = boot_medium_open(bank);
	struct fat_file file;
	struct fat fat;

	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, BUNDLE_IMAGE_FILE, &file, NULL), 0);
	assert_true(file.size < size);
	assert_int_equal(fat_read(&fat, &file, 0, data, file.size, NULL), 0);
	blkio_close(io);
	return file.size;
}

/* "NAME SIZE ..." of all members. */
static void list_members(unsigned int bank, char *list, char *order)
{
	static char data[1 << 20];
	size_t len = read_bundles(bank, data, sizeof(data));
	struct archive *a = archive_read_new();
	struct archive_entry *entry;

	*list = '\0';
	assert_int_equal(len % 4, 0);
	assert_int_equal(archive_read_support_format_cpio(a), ARCHIVE_OK);
	assert_int_equal(archive_read_open_memory(a, data, len), ARCHIVE_OK);
	while (archive_read_next_header(a, &entry) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);

		list += sprintf(list, "%s ", name);
		if (!strcmp(name, "bundles/order"))
			order[archive_read_data(a, order, 200)] = '\0';
	}
	archive_read_free(a);
}

static void test_written(void **state)
{
	char list[1000], order[201];
	struct bank b, own;

	(void)state;
	keeping_start(BANK_VALID);
	keeping_install("late", 9, "the last one");
	keeping_install("early", 5, "the first one");
	keeping_write();
	keeping_look(KEEPING_RUNNING, &own);
	keeping_look(KEEPING_OTHER, &b);
	assert_int_equal(own.cfg.state, BANK_VALID);
	assert_int_equal(b.cfg.state, BANK_UPGRADING);
	assert_true(b.cfg.updated > own.cfg.updated);
	assert_string_equal(b.cfg.build, own.cfg.build);
	assert_string_equal(b.cfg.options, own.cfg.options);
	assert_int_equal(b.cfg.n_modules, own.cfg.n_modules + 1);
	assert_string_equal(b.cfg.modules[b.cfg.n_modules - 1], BUNDLE_IMAGE_FILE);
	list_members(KEEPING_OTHER, list, order);
	assert_string_equal(list, "bundles bundles/order bundles/early.json bundles/late.json "
				  "tardisks/early.v00 tardisks/late.v00 ");
	assert_string_equal(order, "early.v00\nlate.v00\n");
}

static void expect_listed(unsigned int bank, const char *wanted)
{
	struct blkio *io = boot_medium_open(bank);
	struct err e = ERR_INIT;
	json_t *ids;
	char *text;

	if (bundle_image_list(io, &ids, &e) < 0)
		fail_msg("%s", e.text);
	text = json_dumps(ids, JSON_COMPACT);
	assert_string_equal(text, wanted);
	free(text);
	json_decref(ids);
	blkio_close(io);
}

/* For people, of each bank; what is damaged gives words and no list. */
static void test_listed(void **state)
{
	struct err e = ERR_INIT;
	struct fat_file file;
	struct blkio *io;
	struct fat fat;
	json_t *ids;
	uint64_t at;
	uint32_t len;

	(void)state;
	keeping_start(BANK_VALID);
	keeping_install("tool", 5, "tool");
	keeping_install("gadget", 5, "gadget");
	keeping_write();
	expect_listed(KEEPING_RUNNING, "[]");
	expect_listed(KEEPING_OTHER, "[\"acme_bootbank_gadget_1\",\"acme_bootbank_tool_1\"]");
	io = boot_medium_open(KEEPING_OTHER);
	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, BUNDLE_IMAGE_FILE, &file, NULL), 0);
	assert_int_equal(fat_where(&fat, &file, 0, &at, &len, NULL), 0);
	assert_int_equal(blkio_write(io, "0123456789abcdef", 16, at, NULL), 0);
	assert_int_equal(bundle_image_list(io, &ids, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_null(ids);
	blkio_close(io);
}

static unsigned int calls, last;

static void tell(unsigned int percent)
{
	assert_true(percent >= last && percent <= 100);
	calls += percent > last;
	last = percent;
}

/* As the last part of an install, of which the first has come to 40 of its 50 percents. */
static void test_progress(void **state)
{
	(void)state;
	keeping_start(BANK_VALID);
	keeping_install("tool", 5, "tool");
	core_on_progress(tell);
	core_progress_part(0, 50);
	core_progress_expect(10);
	core_progress_bytes(8);
	assert_int_equal(last, 40);
	keeping_write();
	core_on_progress(NULL);
	assert_in_range(last, 98, 100);
	assert_in_range(calls, 5, 61);
}

/* The set of before, the same set, and the set that the host was started with. */
static void test_written_only_if_other(void **state)
{
	struct bank b, again;

	(void)state;
	keeping_start(BANK_VALID);
	keeping_write();
	keeping_look(KEEPING_OTHER, &b);
	assert_false(b.there);
	keeping_install("tool", 5, "tool");
	keeping_write();
	keeping_look(KEEPING_OTHER, &b);
	keeping_write();
	keeping_look(KEEPING_OTHER, &again);
	assert_int_equal(b.cfg.updated, again.cfg.updated);
	keeping_install("more", 6, "more");
	keeping_write();
	keeping_look(KEEPING_OTHER, &again);
	assert_true(again.cfg.updated > b.cfg.updated);
	keeping_run("rm var/db/visoros/bundles/*");
	keeping_write();
	keeping_look(KEEPING_OTHER, &again);
	assert_int_equal(again.cfg.state, BANK_INVALID);
}

/* The host runs from a bank with bundles; they are taken off, or others come. */
static void test_from_a_bank_with_bundles(void **state)
{
	struct bank b;

	(void)state;
	keeping_start(BANK_VALID);
	keeping_install("tool", 5, "tool");
	keeping_write();
	keeping_run("dd if=dev/vda5 of=dev/vda4 status=none && sed -i 's/bootstate=1/bootstate=0/' "
		    "dev/vda4");
	boot_medium_clear(KEEPING_OTHER);
	keeping_write();
	keeping_look(KEEPING_OTHER, &b);
	assert_false(b.there);
	keeping_install("more", 6, "more");
	keeping_write();
	keeping_look(KEEPING_OTHER, &b);
	assert_int_equal(b.cfg.n_modules, 3);
	keeping_run("rm var/db/visoros/bundles/*");
	keeping_write();
	keeping_look(KEEPING_OTHER, &b);
	assert_int_equal(b.cfg.state, BANK_UPGRADING);
	assert_int_equal(b.cfg.n_modules, 2);
}

static void not_kept(const char *words)
{
	struct bundle_kept kept;
	struct bank was, is;

	keeping_look(KEEPING_OTHER, &was);
	bundle_bank_keep(&kept);
	if (!strstr(kept.why, words))
		fail_msg("%s", kept.why);
	keeping_look(KEEPING_OTHER, &is);
	assert_memory_equal(&was, &is, sizeof(was));
	assert_int_equal(bundle_bank_admit(NULL, 0, &kept, NULL), 0);
	assert_non_null(strstr(kept.why, words));
	assert_int_equal(kept.room, 0);
}

static void test_not_now(void **state)
{
	(void)state;
	keeping_start(BANK_DIRTY);
	keeping_install("tool", 5, "tool");
	not_kept("is dirty");
	boot_medium_put(KEEPING_RUNNING, 2, BANK_VALID);
	boot_medium_put(KEEPING_OTHER, 3, BANK_UPGRADING);
	not_kept("waits in bank 1");
	keeping_run("mv sys/block/vda sys/vda");
	not_kept("is not there");
	keeping_run("mv sys/vda sys/block/vda");
	tree_write("/proc/cmdline", "quiet\n", 0644);
	not_kept("no boot medium");
}

/* What the signed descriptors tell is enough to refuse it. */
static void test_no_room(void **state)
{
	char *fits = installed_text("fits", 1 << 20, ""),
	     *large = installed_text("large", 3 << 20, "");
	struct bundle_descriptor *list[2];
	struct bundle_kept kept;
	struct err e = ERR_INIT;

	(void)state;
	keeping_start(BANK_VALID);
	assert_int_equal(bundle_descriptor_parse(fits, strlen(fits), &list[0], NULL), 0);
	assert_int_equal(bundle_descriptor_parse(large, strlen(large), &list[1], NULL), 0);
	assert_int_equal(bundle_bank_admit((void *)list, 1, &kept, &e), 0);
	assert_string_equal(kept.why, "");
	assert_true(kept.bytes > 1 << 20 && kept.room > kept.bytes);
	assert_int_equal(bundle_bank_admit((void *)list, 2, &kept, &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	assert_non_null(strstr(e.text, "do not fit in a bank"));
	bundle_descriptor_free(list[0]);
	bundle_descriptor_free(list[1]);
	free(fits);
	free(large);
}

/* The bound that was admitted holds for what is written. */
static void test_bound(void **state)
{
	_cleanup_(bundle_image_free) struct bundle_image m = { 0 };
	const struct bundle_descriptor *list[3];
	size_t n = 0;

	(void)state;
	keeping_start(BANK_VALID);
	keeping_install("tool", 5, "tool");
	keeping_install("more", 6, "more of it");
	assert_int_equal(bundle_image_load(&m, NULL), 0);
	assert_int_equal(bundle_image_measure(&m, NULL), 0);
	for (size_t i = 0; i < m.set.n; i++)
		list[n++] = m.set.items[i].d;
	assert_true(m.size > 0 && m.size <= bundle_image_bound(list, n));
	assert_int_equal(bundle_image_bound(list, 0), 0);
}

/* What goes with another image: with that which depends on what does not. */
static void test_chosen(void **state)
{
	static const struct bundle_relation provides[] = { { "kernel", "6.12", BUNDLE_EQ } };
	const struct bundle_descriptor image = { .name = "visoros-image",
						 .version = "2",
						 .provides = { (void *)provides, 1 } };
	_cleanup_(bundle_image_free) struct bundle_image m = { 0 };

	(void)state;
	keeping_start(BANK_VALID);
	installed_put("a", 5, "a", "\"kernel = 6.12\"");
	installed_put("b", 6, "b", "\"kernel = 6.1\"");
	installed_put("c", 7, "c", "\"b\"");
	installed_put("d", 8, "d", "\"a\"");
	assert_int_equal(bundle_image_load(&m, NULL), 0);
	bundle_image_choose(&m, &image);
	assert_int_equal(m.set.n, 4);
	assert_true(m.in[0] && !m.in[1] && !m.in[2] && m.in[3]);
	assert_int_equal(m.n_tardisks, 2);
	assert_string_equal(m.tardisks[1].name, "d.v00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_written_only_if_other),
		cmocka_unit_test(test_from_a_bank_with_bundles),
		cmocka_unit_test(test_not_now),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_chosen),
	};

	return cmocka_run_group_tests(tests, keeping_setup, tree_teardown);
}
