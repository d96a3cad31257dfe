// SPDX-License-Identifier: Apache-2.0
/* A medium that is lost or broken, again on another disk; the spare in memory. Files stand for
 * disks. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/install_host.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/boot/spare.h"
#include "userworld/core/core.h"
#include "userworld/medium/blkio_part.h"
#include "userworld/state/snapshot.h"
#include "userworld/state/store.h"
#include "version.h"

#define STATUS "/run/visoros/state/status.json"
#define MOVED "/run/visoros/boot/medium"
#define CMDLINE "quiet visoros.bank=11111111-2222-4333-8444-55555555aaaa\n"

/* What stated was asked for last; it answers so, or not at all. */
static struct {
	char op[16], device[64];
	bool deaf;
} asked;

int __wrap_state_ask(const char *op, json_t *request, json_t **result, struct err *e);
int __wrap_state_snapshot_take(struct state_snapshot *s, const char *root, uint64_t *generation,
			       struct err *e);
int __wrap_vfs_ramdisk_add(const char *path, const char *name, uint64_t max, uint64_t min,
			   uint64_t inodes, struct err *e);
int __wrap_vfs_ramdisk_remove(const char *mount, const char *name, struct err *e);

int __wrap_state_ask(const char *op, json_t *request, json_t **result, struct err *e)
{
	const char *device = json_string_value(json_object_get(request, "device"));

	snprintf(asked.op, sizeof(asked.op), "%s", op);
	snprintf(asked.device, sizeof(asked.device), "%s", device ? device : "");
	json_decref(request);
	if (asked.deaf)
		return err_set(e, ERR_UNAVAILABLE, "stated does not answer");
	*result = json_pack("{s:i}", "generation", 2);
	return 0;
}

int __wrap_state_snapshot_take(struct state_snapshot *s, const char *root, uint64_t *generation,
			       struct err *e)
{
	struct state_file f = { .path = strdup("/etc/hostname"),
				.mode = 01644,
				.data = strdup("rebuilt\n"),
				.size = strlen("rebuilt\n") };

	(void)root;
	*generation = 1;
	return state_snapshot_add(s, &f, e);
}

static uint64_t ramdisk; /* bytes of the spare's */

int __wrap_vfs_ramdisk_add(const char *path, const char *name, uint64_t max, uint64_t min,
			   uint64_t inodes, struct err *e)
{
	(void)path, (void)min, (void)inodes, (void)e;
	assert_string_equal(name, "spare");
	ramdisk = max;
	return 0;
}

int __wrap_vfs_ramdisk_remove(const char *mount, const char *name, struct err *e)
{
	(void)mount, (void)name, (void)e;
	ramdisk = 0;
	return 0;
}

/* A host with a medium, a confirmed image and saved state; an empty disk vdb. */
static int fresh(void **state)
{
	(void)state;
	memset(&asked, 0, sizeof(asked));
	install_host_run("cd $T && rm -rf run/visoros etc && mkdir -p etc sys/block/vda/device");
	tree_write("/proc/cmdline", CMDLINE, 0644);
	tree_write("/proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable: 500000 kB\n", 0644);
	tree_write(STATUS, "{\"mode\": \"ready\", \"trial\": 0}", 0600);
	install_host_running(BANK_VALID);
	install_host_empty();
	return 0;
}

/* The stick is pulled out. */
static void lose_medium(void)
{
	install_host_run("rm -r $T/sys/block/vda/device");
	tree_write(STATUS, "{\"mode\": \"gone\", \"trial\": 0}", 0600);
}

static json_t *call(const char *op, json_t *params)
{
	struct err e = ERR_INIT;
	json_t *r = NULL;

	if (core_call(op, params, &r, &e) < 0)
		fail_msg("%s: %s", op, e.text);
	json_decref(params);
	return r;
}

static void refused(json_t *params, enum err_kind kind, const char *words)
{
	struct err e = ERR_INIT;

	json_object_set_new(params, "device", json_string("/dev/vdb"));
	assert_int_equal(core_call("system.boot.rebuild", params, NULL, &e), -1);
	if (e.kind != kind || !strstr(e.text, words))
		fail_msg("%s (%d)", e.text, e.kind);
	json_decref(params);
	assert_true(install_host_untouched("/dev/vdb"));
	assert_int_equal(access(tree_path(MOVED), F_OK), -1);
}

static json_t *rebuild(const char *from)
{
	json_t *r = call("system.boot.rebuild", json_pack("{s:s}", "device", "/dev/vdb"));

	assert_non_null(strstr(json_string_value(json_object_get(r, "from")), from));
	assert_true(json_is_true(json_object_get(r, "rebuilt")));
	return r;
}

static void keep(void)
{
	json_decref(call("system.boot.spare.keep", NULL));
}

/* Every byte of the bank is what the lost one has. */
static void expect_bank(void)
{
	char *old = malloc(SAMPLE_SIZE), *new = malloc(SAMPLE_SIZE);
	struct blkio *vda4 = install_host_open("/dev/vda4"), *vdb = install_host_open("/dev/vdb");

	assert_true(old && new);
	assert_int_equal(blkio_read(vda4, old, SAMPLE_SIZE, 0, NULL), 0);
	assert_int_equal(blkio_read(vdb, new, SAMPLE_SIZE, BANK_AT, NULL), 0);
	assert_memory_equal(old, new, SAMPLE_SIZE);
	blkio_close(vda4);
	blkio_close(vdb);
	free(old);
	free(new);
}

/* The first generation has the state of the host. */
static void expect_state(void)
{
	struct state_snapshot s = { 0 };

	install_host_state(&s);
	assert_string_equal(state_snapshot_find(&s, "/etc/hostname")->data, "rebuilt\n");
	state_snapshot_free(&s);
}

/* The host goes on with the bank of the new disk, which has a GUID of its own. */
static void expect_moved(void)
{
	char *moved = tree_read(MOVED);

	assert_int_equal(strlen(moved), 37);
	assert_null(strstr(CMDLINE, moved));
	moved[36] = '\0';
	setenv("MOVED", moved, 1);
	install_host_run(
		"/sbin/sfdisk -d $T/dev/vdb | grep -i \"uuid=$MOVED, name=\\\"VISOROS-BANK0\" "
		">/dev/null");
	free(moved);
}

static void test_from_the_bank(void **state)
{
	json_t *r;

	(void)state;
	tree_write("/run/visoros/boot/scrub.json", "{}", 0600);
	r = call("system.boot.rebuild",
		 json_pack("{s:s, s:b}", "device", "/dev/vdb", "dry_run", true));
	assert_true(json_is_false(json_object_get(r, "rebuilt")));
	assert_true(install_host_untouched("/dev/vdb"));
	json_decref(r);
	install_host_run("test -e $T/run/visoros/boot/scrub.json");
	r = rebuild("bank 0 of ");
	assert_non_null(strstr(json_string_value(json_object_get(r, "remove")), "/dev/vda"));
	json_decref(r);
	expect_bank();
	expect_state();
	expect_moved();
	/* What was found on the old one says nothing of this one. */
	install_host_run("! test -e $T/run/visoros/boot/scrub.json");
}

static void test_from_memory(void **state)
{
	json_t *r;

	(void)state;
	keep();
	assert_in_range(ramdisk, 1 << 20, 3 << 20);
	lose_medium();
	r = rebuild("memory");
	assert_null(json_object_get(r, "remove"));
	assert_int_equal(json_integer_value(json_object_get(r, "generation")), 2);
	json_decref(r);
	assert_string_equal(asked.op, "adopt");
	assert_string_equal(asked.device, "/dev/vdb");
	expect_bank();
	expect_state();
	expect_moved();
}

/* Turns a bit of a file around. */
static void flip(const char *path, uint64_t at)
{
	struct blkio *io = blkio_open(tree_path(path), true, NULL);
	char byte;

	assert_non_null(io);
	assert_int_equal(blkio_read(io, &byte, 1, at, NULL), 0);
	byte ^= 1;
	assert_int_equal(blkio_write(io, &byte, 1, at, NULL), 0);
	blkio_close(io);
}

/* Where a file of the running bank lies. */
static uint64_t place_of(const char *name)
{
	struct blkio *io = install_host_open("/dev/vda4");
	struct fat_file file;
	uint64_t where;
	uint32_t run;
	struct fat fat;

	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, name, &file, NULL), 0);
	assert_int_equal(fat_where(&fat, &file, 100, &where, &run, NULL), 0);
	blkio_close(io);
	return where;
}

static void test_nobody_has_it(void **state)
{
	json_t *r;

	(void)state;
	lose_medium();
	refused(json_object(), ERR_NOT_FOUND, "no good copy in memory");
	fresh(NULL);
	flip("/dev/vda4", place_of("base.v00"));
	refused(json_object(), ERR_NOT_FOUND, "1 of its files are not good");
	/* Memory has lost a bit, too. */
	fresh(NULL);
	keep();
	lose_medium();
	flip("/run/visoros/spare/base.v00", 7);
	refused(json_object(), ERR_NOT_FOUND, "base.v00: is not what its digest says");
	/* Or was given back. */
	fresh(NULL);
	keep();
	json_decref(call("system.boot.spare.drop", NULL));
	assert_int_equal(ramdisk, 0);
	r = call("system.boot.spare.get", NULL);
	assert_true(json_is_false(json_object_get(r, "kept")));
	json_decref(r);
	lose_medium();
	refused(json_object(), ERR_NOT_FOUND, "by --image");
}

/* The bank is damaged, memory is not: it is good for a new medium, and for the old one. */
static void test_damaged_bank(void **state)
{
	json_t *rows, *row;
	uint64_t at = place_of("base.v00");
	size_t i;
	bool seen = false;

	(void)state;
	keep();
	flip("/dev/vda4", at);
	json_decref(rebuild("memory"));
	unlink(tree_path(MOVED));
	rows = call("system.boot.scrub", NULL);
	json_array_foreach (rows, i, row)
		seen |= !strcmp(json_string_value(json_object_get(row, "result")), "repaired") &&
			strstr(json_string_value(json_object_get(row, "detail")), "from memory");
	assert_true(seen);
	json_decref(rows);
	expect_bank();
}

static void test_on_trial(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	install_host_running(BANK_DIRTY);
	refused(json_object(), ERR_CONFLICT, "when it is confirmed");
	refused(json_pack("{s:s}", "image", "/image"), ERR_CONFLICT, "when it is confirmed");
	assert_int_equal(core_call("system.boot.spare.keep", NULL, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	install_host_running(BANK_VALID);
	tree_write(STATUS, "{\"mode\": \"ready\", \"trial\": 77}", 0600);
	refused(json_object(), ERR_CONFLICT, "changes of the state are on trial");
	tree_write(STATUS, "{\"mode\": \"reset\", \"trial\": 0}", 0600);
	refused(json_object(), ERR_CONFLICT, "reset at the next start");
	unlink(tree_path(STATUS));
	refused(json_object(), ERR_UNAVAILABLE, "stated");
}

/* It has none, so none is written, and nobody is asked to go on with it. */
static void test_stateless(void **state)
{
	static char bytes[STATE_SIZE];
	struct blkio *io;

	(void)state;
	tree_write(STATUS, "{\"mode\": \"stateless\", \"trial\": 0}", 0600);
	json_decref(rebuild("bank 0 of "));
	assert_string_equal(asked.op, "");
	io = install_host_open("/dev/vdb");
	assert_int_equal(blkio_read(io, bytes, sizeof(bytes), STATE_AT, NULL), 0);
	for (size_t i = 0; i < sizeof(bytes); i++)
		assert_int_equal(bytes[i], 0);
	blkio_close(io);
}

/* The medium is whole, and says what is missing. */
static void test_deaf_stated(void **state)
{
	json_t *r;

	(void)state;
	asked.deaf = true;
	r = rebuild("bank 0 of ");
	assert_non_null(
		strstr(json_string_value(json_object_get(r, "problem")), "not saved there"));
	json_decref(r);
	expect_state();
	expect_moved();
}

static void put_image(const char *build)
{
	char path[64];
	static char text[BOOTCFG_MAX + 1];
	struct sample s;
	int len;

	sample_make(&s, 3);
	snprintf(s.cfg.build, sizeof(s.cfg.build), "%s", build);
	install_host_run("rm -rf $T/image && mkdir $T/image");
	for (size_t i = 0; i < SAMPLE_FILES; i++) {
		struct blkio *io;

		snprintf(path, sizeof(path), "/image/%s", bootcfg_file(&s.cfg, i));
		tree_write(path, "", 0600);
		assert_int_equal(truncate(tree_path(path), s.sizes[i]), 0);
		io = blkio_open(tree_path(path), true, NULL);
		assert_int_equal(blkio_write(io, s.data[i], s.sizes[i], 0, NULL), 0);
		blkio_close(io);
	}
	len = bootcfg_print(&s.cfg, text, BOOTCFG_MAX, NULL);
	assert_true(len > 0);
	text[len] = '\0';
	tree_write("/image/boot.cfg", text, 0600);
	sample_free(&s);
}

static void test_from_a_folder(void **state)
{
	struct blkio_part part;
	struct blkio *io;
	struct bank b;
	json_t *r;

	(void)state;
	lose_medium();
	put_image("other-1");
	refused(json_pack("{s:s}", "image", "/image"), ERR_CONFLICT, "another image is installed");
	refused(json_pack("{s:s}", "image", "/nowhere"), ERR_NOT_FOUND, "/nowhere/boot.cfg");
	put_image(VISOROS_VERSION "-" VISOROS_BUILD);
	flip("/image/base.v00", 9);
	refused(json_pack("{s:s}", "image", "/image"), ERR_INVALID, "base.v00");
	flip("/image/base.v00", 9);
	r = call("system.boot.rebuild",
		 json_pack("{s:s, s:s}", "device", "/dev/vdb", "image", "/image"));
	assert_string_equal(json_string_value(json_object_get(r, "from")), "/image/");
	json_decref(r);
	io = install_host_open("/dev/vdb");
	blkio_part(&part, io, "bank 0", BANK_AT, SAMPLE_SIZE);
	assert_int_equal(bank_look(&part.io, &b, NULL), 0);
	assert_int_equal(b.cfg.updated, 1);
	assert_int_equal(bank_verify(&part.io, &b, NULL, NULL, NULL), 0);
	blkio_close(io);
}

static void test_no_medium_at_all(void **state)
{
	(void)state;
	tree_write("/proc/cmdline", "quiet\n", 0644);
	refused(json_object(), ERR_CONFLICT, "was not started from a boot medium");
	tree_write("/proc/cmdline", CMDLINE, 0644);
}

static enum err_kind admit(enum boot_spare_setting setting, uint64_t bytes, uint64_t total,
			   uint64_t available)
{
	struct err e = ERR_INIT;

	return boot_spare_admit(setting, bytes, total, available, &e) == 0 ? ERR_NONE : e.kind;
}

static void test_admit(void **state)
{
	const uint64_t mib = 1 << 20;

	(void)state;
	assert_int_equal(admit(SPARE_AUTO, 25 * mib, 600 * mib, 300 * mib), ERR_NONE);
	assert_int_equal(admit(SPARE_AUTO, 25 * mib, 599 * mib, 300 * mib), ERR_NO_SPACE);
	assert_int_equal(admit(SPARE_ALWAYS, 25 * mib, 400 * mib, 75 * mib), ERR_NONE);
	assert_int_equal(admit(SPARE_ALWAYS, 25 * mib, 400 * mib, 74 * mib), ERR_NO_SPACE);
	assert_int_equal(admit(SPARE_NEVER, 25 * mib, 9000 * mib, 8000 * mib), ERR_CONFLICT);
}

/* By the setting, which is state; a spare that is not wanted any more goes at once. */
static void test_setting(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	keep();
	keep(); /* it is there: nothing is copied */
	json_decref(call("system.setting.set",
			 json_pack("{s:s, s:i}", "option", "/Boot/keepSpare", "value", 0)));
	assert_int_equal(ramdisk, 0);
	assert_int_equal(core_call("system.boot.spare.keep", NULL, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	tree_write("/proc/meminfo", "MemTotal: 200 kB\nMemAvailable: 50000 kB\n", 0644);
	json_decref(call("system.setting.set",
			 json_pack("{s:s, s:i}", "option", "/Boot/keepSpare", "value", 1)));
	assert_int_equal(core_call("system.boot.spare.keep", NULL, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	json_decref(call("system.setting.set",
			 json_pack("{s:s, s:i}", "option", "/Boot/keepSpare", "value", 2)));
	keep();
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_from_the_bank), TEST(test_from_memory),   TEST(test_nobody_has_it),
		TEST(test_damaged_bank),  TEST(test_on_trial),	    TEST(test_stateless),
		TEST(test_deaf_stated),	  TEST(test_from_a_folder), TEST(test_no_medium_at_all),
		TEST(test_admit),	  TEST(test_setting),
	};

	return cmocka_run_group_tests(tests, install_host_setup, tree_teardown);
}
