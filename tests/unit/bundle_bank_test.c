// SPDX-License-Identifier: Apache-2.0
/* The bundles of a host in its other bank: what is written, when not, killed and with the power
 * cut. */
#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/boot_medium.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/bank/banks.h"
#include "userworld/core/bundle_bank.h"
#include "userworld/core/bundle_image.h"
#include "userworld/core/bundle_keep.h"
#include "userworld/lib/cleanup.h"

#define RUNNING 0
#define OTHER 1

/* If it is there it is the medium of the bank that does not run. */
static struct powercut *pc;
/* The process ends before this write from now on; -1: never. */
static long kill_at = -1;

struct blkio *__real_banks_open(const struct banks *b, unsigned int bank, bool writable,
				struct err *e);
struct blkio *__wrap_banks_open(const struct banks *b, unsigned int bank, bool writable,
				struct err *e);

struct blkio *__wrap_banks_open(const struct banks *b, unsigned int bank, bool writable,
				struct err *e)
{
	if (pc && bank == OTHER)
		return powercut_disk(pc);
	return __real_banks_open(b, bank, writable, e);
}

int __real_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e);
int __wrap_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e);

int __wrap_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	if (kill_at == 0) {
		__real_blkio_write(io, buf, len / 2, at, e);
		kill(getpid(), SIGKILL);
	}
	kill_at -= kill_at > 0;
	return __real_blkio_write(io, buf, len, at, e);
}

/* A tardisk as visorfs shows it. */
static void attach(const char *name, int order)
{
	static const char *const files[] = { "size", "packed", "memory", "files", "branches" };
	char path[256], number[16];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "/sys/fs/visorfs/0/tardisks/%s/%s", name, files[i]);
		tree_write(path, "1\n", 0644);
	}
	snprintf(path, sizeof(path), "/sys/fs/visorfs/0/tardisks/%s/residency", name);
	tree_write(path, "resident\n", 0644);
	snprintf(path, sizeof(path), "/sys/fs/visorfs/0/tardisks/%s/order", name);
	snprintf(number, sizeof(number), "%d\n", order);
	tree_write(path, number, 0644);
}

static void run(const char *command)
{
	char line[900];

	snprintf(line, sizeof(line), "cd %s && %s", tree_path(""), command);
	assert_int_equal(system(line), 0);
}

#define PAYLOAD                                                                             \
	"{\"name\": \"%s.v00\", \"type\": \"tardisk\", \"size\": %zu, \"sha256\": "         \
	"\"%064d\", \"content_size\": 4096, \"content_sha256\": \"%064d\", \"root_hash\": " \
	"\"%064d\"}"

static char *describe(const char *name, size_t size, const char *depends)
{
	char *text = NULL;

	assert_true(asprintf(&text,
			     "{\"format\": 1, \"name\": \"%s\", \"version\": \"1\", \"vendor\": "
			     "\"acme\", \"summary\": \"A tool\", \"created\": "
			     "\"2026-01-31T12:00:00Z\", \"type\": \"bootbank\", "
			     "\"acceptance_level\": \"community\", \"files\": [\"opt/%s\"], "
			     "\"depends\": [%s], \"payloads\": [" PAYLOAD "]}",
			     name, name, depends, name, size, 0, 0, 0) > 0);
	return text;
}

/* An installed bundle with one tardisk. */
static void install_needing(const char *name, int order, const char *data, const char *depends)
{
	char *text = describe(name, strlen(data), depends), *file, path[256], tardisk[64];
	json_t *record;

	snprintf(tardisk, sizeof(tardisk), "%s.v00", name);
	record = json_pack("{s:s, s:s, s:s, s:[s], s:[]}", "descriptor", text, "signature", "",
			   "install_date", "2026-01-31", "tardisks", tardisk, "overrides");
	file = json_dumps(record, 0);
	snprintf(path, sizeof(path), BUNDLE_RECORDS "/%s.json", name);
	tree_write(path, file, 0644);
	snprintf(path, sizeof(path), BUNDLE_KEEP "/%s", tardisk);
	tree_write(path, data, 0600);
	attach(tardisk, order);
	json_decref(record);
	free(file);
	free(text);
}

static void install(const char *name, int order, const char *data)
{
	install_needing(name, order, data, "");
}

/* A host that runs a confirmed image without bundles; the other bank is empty. */
static void start_host(int state)
{
	run("rm -rf var sys/fs && mkdir -p sys/fs/visorfs/0/tardisks var");
	boot_medium_clear(OTHER);
	tree_write("/proc/cmdline", "quiet visoros.bank=" BOOT_MEDIUM_GUID "AAAA\n", 0644);
	boot_medium_put(RUNNING, 2, state);
	attach("base.v00", 1);
}

static int setup(void **state)
{
	int rc = tree_setup(state);

	boot_medium_make();
	return rc;
}

static void look(unsigned int bank, struct bank *b)
{
	struct blkio *io = boot_medium_open(bank);

	assert_int_equal(bank_look(io, b, NULL), 0);
	if (b->there)
		assert_int_equal(bank_verify(io, b, NULL, NULL, NULL), 0);
	blkio_close(io);
}

static void must_write(void)
{
	struct err e = ERR_INIT;

	if (bundle_bank_write(&e) < 0)
		fail_msg("%s", e.text);
}

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
	start_host(BANK_VALID);
	install("late", 9, "the last one");
	install("early", 5, "the first one");
	must_write();
	look(RUNNING, &own);
	look(OTHER, &b);
	assert_int_equal(own.cfg.state, BANK_VALID);
	assert_int_equal(b.cfg.state, BANK_UPGRADING);
	assert_true(b.cfg.updated > own.cfg.updated);
	assert_string_equal(b.cfg.build, own.cfg.build);
	assert_string_equal(b.cfg.options, own.cfg.options);
	assert_int_equal(b.cfg.n_modules, own.cfg.n_modules + 1);
	assert_string_equal(b.cfg.modules[b.cfg.n_modules - 1], BUNDLE_IMAGE_FILE);
	list_members(OTHER, list, order);
	assert_string_equal(list, "bundles bundles/order bundles/early.json bundles/late.json "
				  "tardisks/early.v00 tardisks/late.v00 ");
	assert_string_equal(order, "early.v00\nlate.v00\n");
}

/* The set of before, the same set, and the set that the host was started with. */
static void test_written_only_if_other(void **state)
{
	struct bank b, again;

	(void)state;
	start_host(BANK_VALID);
	must_write();
	look(OTHER, &b);
	assert_false(b.there);
	install("tool", 5, "tool");
	must_write();
	look(OTHER, &b);
	must_write();
	look(OTHER, &again);
	assert_int_equal(b.cfg.updated, again.cfg.updated);
	install("more", 6, "more");
	must_write();
	look(OTHER, &again);
	assert_true(again.cfg.updated > b.cfg.updated);
	run("rm var/db/visoros/bundles/*");
	must_write();
	look(OTHER, &again);
	assert_int_equal(again.cfg.state, BANK_INVALID);
}

/* The host runs from a bank with bundles; they are taken off, or others come. */
static void test_from_a_bank_with_bundles(void **state)
{
	struct bank b;

	(void)state;
	start_host(BANK_VALID);
	install("tool", 5, "tool");
	must_write();
	run("dd if=dev/vda5 of=dev/vda4 status=none && sed -i 's/bootstate=1/bootstate=0/' "
	    "dev/vda4");
	boot_medium_clear(OTHER);
	must_write();
	look(OTHER, &b);
	assert_false(b.there);
	install("more", 6, "more");
	must_write();
	look(OTHER, &b);
	assert_int_equal(b.cfg.n_modules, 3);
	run("rm var/db/visoros/bundles/*");
	must_write();
	look(OTHER, &b);
	assert_int_equal(b.cfg.state, BANK_UPGRADING);
	assert_int_equal(b.cfg.n_modules, 2);
}

static void not_kept(const char *words)
{
	struct bundle_kept kept;
	struct bank was, is;

	look(OTHER, &was);
	bundle_bank_keep(&kept);
	if (!strstr(kept.why, words))
		fail_msg("%s", kept.why);
	look(OTHER, &is);
	assert_memory_equal(&was, &is, sizeof(was));
	assert_int_equal(bundle_bank_admit(NULL, 0, &kept, NULL), 0);
	assert_non_null(strstr(kept.why, words));
	assert_int_equal(kept.room, 0);
}

static void test_not_now(void **state)
{
	(void)state;
	start_host(BANK_DIRTY);
	install("tool", 5, "tool");
	not_kept("is dirty");
	boot_medium_put(RUNNING, 2, BANK_VALID);
	boot_medium_put(OTHER, 3, BANK_UPGRADING);
	not_kept("waits in bank 1");
	run("mv sys/block/vda sys/vda");
	not_kept("is not there");
	run("mv sys/vda sys/block/vda");
	tree_write("/proc/cmdline", "quiet\n", 0644);
	not_kept("no boot medium");
}

/* What the signed descriptors tell is enough to refuse it. */
static void test_no_room(void **state)
{
	char *fits = describe("fits", 1 << 20, ""), *large = describe("large", 3 << 20, "");
	struct bundle_descriptor *list[2];
	struct bundle_kept kept;
	struct err e = ERR_INIT;

	(void)state;
	start_host(BANK_VALID);
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
	start_host(BANK_VALID);
	install("tool", 5, "tool");
	install("more", 6, "more of it");
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
	start_host(BANK_VALID);
	install_needing("a", 5, "a", "\"kernel = 6.12\"");
	install_needing("b", 6, "b", "\"kernel = 6.1\"");
	install_needing("c", 7, "c", "\"b\"");
	install_needing("d", 8, "d", "\"a\"");
	assert_int_equal(bundle_image_load(&m, NULL), 0);
	bundle_image_choose(&m, &image);
	assert_int_equal(m.set.n, 4);
	assert_true(m.in[0] && !m.in[1] && !m.in[2] && m.in[3]);
	assert_int_equal(m.n_tardisks, 2);
	assert_string_equal(m.tardisks[1].name, "d.v00");
}

/* Neither an old nor a new set may be there in part. */
static int is_whole(void *context, struct blkio *disk, char why[static 256])
{
	unsigned long *seen = context;
	struct bank_view view;
	struct bank b;

	if (bank_look(disk, &b, NULL) < 0)
		return 1;
	bank_view(&b, &view);
	if (!view.counts || view.state == BANK_INVALID) {
		seen[0]++;
		return 0;
	}
	seen[b.cfg.n_modules]++;
	snprintf(why, 256, "state %d, %zu modules", b.cfg.state, b.cfg.n_modules);
	return bank_verify(disk, &b, NULL, NULL, NULL) != 0;
}

/* The first bundle over another image, then a second one over the first. */
static void test_power_cut(void **state)
{
	unsigned long seen[4] = { 0 };
	struct powercut_result r;
	struct err e = ERR_INIT;
	struct sample old;

	(void)state;
	start_host(BANK_VALID);
	sample_make(&old, 1);
	pc = sample_disk(&old, BANK_VALID);
	for (int order = 5; order < 7; order++) {
		install(order == 5 ? "tool" : "more", order, "tool");
		powercut_mark(pc);
		if (bundle_bank_write(&e) < 0)
			fail_msg("%s", e.text);
		r = powercut_sweep(pc, is_whole, seen);
		assert_string_equal(r.first, "");
		assert_true(r.disks > 500);
	}
	assert_true(seen[0] > 0 && seen[2] > 0 && seen[3] > 0);
	powercut_free(pc);
	/* A disk that lies. */
	pc = sample_disk(&old, BANK_VALID);
	powercut_ignore_flushes(pc);
	assert_int_equal(bundle_bank_write(&e), 0);
	r = powercut_sweep(pc, is_whole, seen);
	assert_true(r.failures > 0);
	powercut_free(pc);
	pc = NULL;
	sample_free(&old);
}

/* The medium is pulled out at every step: that is said, and what can be started is whole. */
static void test_pulled(void **state)
{
	unsigned long seen[4] = { 0 };
	struct bundle_kept kept = { .why = "-" };

	(void)state;
	start_host(BANK_VALID);
	install("tool", 5, "tool");
	for (long n = 0; *kept.why; n++) {
		char why[256] = "";

		pc = powercut_new(NULL, SAMPLE_SIZE);
		powercut_pull(pc, n);
		bundle_bank_keep(&kept);
		powercut_pull(pc, -1);
		if (is_whole(seen, powercut_disk(pc), why) != 0)
			fail_msg("pulled at %ld: %s", n, why);
		powercut_free(pc);
		assert_true(n < 100);
	}
	pc = NULL;
	assert_true(seen[0] > 5);
}

static void test_killed(void **state)
{
	bool done = false;
	long n;

	(void)state;
	for (n = 0; !done; n++) {
		struct bank b;
		pid_t child;
		int status;

		start_host(BANK_VALID);
		boot_medium_put(OTHER, 1, BANK_VALID);
		install("tool", 5, "tool");
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			kill_at = n;
			_exit(bundle_bank_write(NULL) < 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		done = status == 0;
		look(RUNNING, &b);
		assert_int_equal(b.cfg.state, BANK_VALID);
		/* What was left does not stand in the way. */
		must_write();
		look(OTHER, &b);
		assert_int_equal(b.cfg.state, BANK_UPGRADING);
		assert_int_equal(b.cfg.n_modules, 3);
	}
	assert_true(n > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written), cmocka_unit_test(test_written_only_if_other),
		cmocka_unit_test(test_not_now), cmocka_unit_test(test_from_a_bank_with_bundles),
		cmocka_unit_test(test_no_room), cmocka_unit_test(test_bound),
		cmocka_unit_test(test_chosen),	cmocka_unit_test(test_power_cut),
		cmocka_unit_test(test_pulled),	cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, setup, tree_teardown);
}
