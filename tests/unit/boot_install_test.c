// SPDX-License-Identifier: Apache-2.0
/* The running image to another disk: files stand for disks. */
#include <jansson.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/install_host.h"
#include "tests/unit/installed.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/bundle/image.h"
#include "userworld/core/core.h"
#include "userworld/medium/blkio_part.h"

static void refused(const char *device, enum err_kind kind, const char *words)
{
	json_t *params = json_pack("{s:s}", "device", device);
	struct err e = ERR_INIT;

	assert_int_equal(core_call("system.boot.install", params, NULL, &e), -1);
	if (e.kind != kind || !strstr(e.text, words))
		fail_msg("%s: %s", device, e.text);
	json_decref(params);
}

static void test_refused(void **state)
{
	(void)state;
	install_host_running(BANK_VALID);
	refused("/dev/vda", ERR_CONFLICT, "started from it");
	refused("/dev/vda4", ERR_INVALID, "is a partition");
	refused("/dev/vdc", ERR_NO_SPACE, "are missing");
	refused("/dev/vdd", ERR_CONFLICT, "write-protected");
	refused("/dev/vdx", ERR_NOT_FOUND, "no such disk");
	tree_write("/run/visoros/state/status.json", "{\"device\": \"/dev/vde3\"}", 0600);
	refused("/dev/vde", ERR_CONFLICT, "the state of this host is saved on it");
	refused("/dev/disk/vdb", ERR_INVALID, "/dev/NAME");
	refused("/proc/cmdline", ERR_INVALID, "/dev/NAME");
	assert_true(install_host_untouched("/dev/vdc") && install_host_untouched("/dev/vdd") &&
		    install_host_untouched("/dev/vde"));
	install_host_running(BANK_UPGRADING);
	refused("/dev/vdb", ERR_CONFLICT, "when it is confirmed");
	assert_true(install_host_untouched("/dev/vdb"));
}

/* A disk that took the name of another is not overwritten. */
static void not_of(const char *device, const char *serial, const char *words)
{
	json_t *params = json_pack("{s:s, s:s}", "device", device, "serial", serial);
	struct err e = ERR_INIT;

	assert_int_equal(core_call("system.boot.install", params, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	if (!strstr(e.text, words))
		fail_msg("%s: %s", device, e.text);
	json_decref(params);
}

static void test_serial(void **state)
{
	(void)state;
	install_host_running(BANK_VALID);
	not_of("/dev/vdb", "VB-2", "another disk now: its serial number is VB-1, not VB-2");
	not_of("/dev/vdb", "", "its serial number is VB-1, not empty");
	not_of("/dev/vdc", "VB-1", "its serial number is empty, not VB-1");
	assert_true(install_host_untouched("/dev/vdb") && install_host_untouched("/dev/vdc"));
}

static void test_disks(void **state)
{
	json_t *list = NULL, *row;

	(void)state;
	assert_int_equal(core_call("system.boot.disk.list", NULL, &list, NULL), 0);
	row = json_array_get(list, 1);
	assert_string_equal(json_string_value(json_object_get(row, "device")), "/dev/vdb");
	assert_string_equal(json_string_value(json_object_get(row, "model")), "Maker 1");
	assert_string_equal(json_string_value(json_object_get(row, "serial")), "VB-1");
	row = json_array_get(list, 2);
	assert_string_equal(json_string_value(json_object_get(row, "model")), "");
	json_decref(list);
}

static void install(bool dry)
{
	json_t *params = json_pack("{s:s, s:s, s:b}", "device", "/dev/vdb", "serial", "VB-1",
				   "dry_run", dry);
	struct err e = ERR_INIT;
	json_t *r = NULL;

	if (core_call("system.boot.install", params, &r, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(json_is_true(json_object_get(r, "installed")), !dry);
	assert_string_equal(json_string_value(json_object_get(r, "build")), "0.1.3-1-gabcdef");
	json_decref(params);
	json_decref(r);
}

static struct {
	unsigned int calls, last;
	bool untouched; /* at the first */
} told;

static void tell(unsigned int percent)
{
	if (told.calls++ == 0)
		told.untouched = percent == 0 && install_host_untouched("/dev/vdb");
	else
		assert_true(percent > told.last && percent <= 100);
	told.last = percent;
}

/* From before the first byte to nearly the end; a dry run has nothing to tell. */
static void test_progress(void **state)
{
	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
	memset(&told, 0, sizeof(told));
	core_on_progress(tell);
	install(true);
	assert_int_equal(told.calls, 0);
	install(false);
	core_on_progress(NULL);
	assert_true(told.untouched);
	assert_in_range(told.last, 98, 100);
	assert_in_range(told.calls, 20, 101);
}

static void test_install(void **state)
{
	struct blkio *io;
	struct blkio_part part;
	struct bank b;
	char word[3];

	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
	install(true);
	assert_true(install_host_untouched("/dev/vdb"));
	install(false);
	install_host_run("/sbin/sfdisk -q --verify $T/dev/vdb");
	io = install_host_open("/dev/vdb");
	assert_int_equal(blkio_read(io, word, 3, 2 << 20, NULL), 0);
	assert_memory_equal(word, "ESP", 3);
	blkio_part(&part, io, "bank 0", BANK_AT, SAMPLE_SIZE);
	assert_int_equal(bank_look(&part.io, &b, NULL), 0);
	assert_string_equal(b.cfg.build, "0.1.3-1-gabcdef");
	assert_int_equal(bank_verify(&part.io, &b, NULL, NULL, NULL), 0);
	blkio_close(io);
}

/* The bundles of now come along: those of the last start are in the bank that is copied, or not. */
static void test_bundles(void **state)
{
	struct blkio_part part;
	struct blkio *io;
	struct bank b;

	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
	installed_put("tool", 5, "tool", "");
	install(false);
	io = install_host_open("/dev/vdb");
	blkio_part(&part, io, "bank 0", BANK_AT, SAMPLE_SIZE);
	assert_int_equal(bank_look(&part.io, &b, NULL), 0);
	assert_int_equal(b.cfg.n_modules, SAMPLE_FILES);
	assert_string_equal(b.cfg.modules[SAMPLE_FILES - 1], BUNDLE_IMAGE_FILE);
	assert_int_equal(bank_verify(&part.io, &b, NULL, NULL, NULL), 0);
	blkio_close(io);
	/* That disk runs now, and has another set: the file in its bank is not what counts. */
	install_host_run(
		"dd if=$T/dev/vdb of=$T/dev/vda4 bs=1M skip=5 count=3 conv=notrunc status=none; "
		"truncate -s $SIZE $T/dev/vda4");
	installed_put("more", 6, "more", "");
	install_host_empty();
	install(false);
	io = install_host_open("/dev/vdb");
	blkio_part(&part, io, "bank 0", BANK_AT, SAMPLE_SIZE);
	assert_int_equal(bank_look(&part.io, &b, NULL), 0);
	assert_int_equal(b.cfg.n_modules, SAMPLE_FILES);
	assert_int_equal(bank_verify(&part.io, &b, NULL, NULL, NULL), 0);
	assert_true(install_host_has(&part.io, "tardisks/tool.v00"));
	assert_true(install_host_has(&part.io, "tardisks/more.v00"));
	blkio_close(io);
	install_host_run("cd $T && rm -r sys/fs/visorfs/0/tardisks/* var/db/visoros/bundles/*");
}

/* What is damaged is not copied, and what is on the other disk stays. */
static void test_damaged(void **state)
{
	struct blkio *io;
	struct fat_file file;
	uint64_t where;
	struct fat fat;
	uint32_t length;

	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
	io = install_host_open("/dev/vda4");
	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, "base.v00", &file, NULL), 0);
	assert_int_equal(fat_where(&fat, &file, 100, &where, &length, NULL), 0);
	assert_int_equal(blkio_write(io, "damage", 6, where, NULL), 0);
	blkio_close(io);
	refused("/dev/vdb", ERR_CONFLICT, "1 of its files are not good");
	assert_true(install_host_untouched("/dev/vdb"));
}

static void test_no_skeleton(void **state)
{
	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
	install_host_run(
		"cd $T/usr/lib/visoros/install && cp disk.zst good && truncate -s -3 disk.zst");
	refused("/dev/vdb", ERR_INVALID, "disk.zst: it ends too early");
	install_host_run("cd $T/usr/lib/visoros/install && cp good disk.zst && printf x | dd "
			 "of=disk.zst bs=1 "
			 "seek=$(($(stat -c %s good) - 2)) conv=notrunc status=none");
	refused("/dev/vdb", ERR_INVALID, "disk.zst");
	install_host_run("cd $T/usr/lib/visoros/install && cp good disk.zst && sed -i s/16K/12K/ "
			 "layout.conf");
	refused("/dev/vdb", ERR_INVALID, "longer than its layout");
	install_host_run("cd $T/usr/lib/visoros/install && sed -i s/12K/20K/ layout.conf");
	refused("/dev/vdb", ERR_INVALID, "shorter than its layout");
	assert_true(install_host_untouched("/dev/vdb"));
	install_host_run("rm $T/usr/lib/visoros/install/disk.zst");
	refused("/dev/vdb", ERR_NOT_FOUND, "disk.zst");
	install_host_run("echo 'bios = 8K' > $T/usr/lib/visoros/install/layout.conf");
	refused("/dev/vdb", ERR_INVALID, "'esp' is missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused), cmocka_unit_test(test_serial),
		cmocka_unit_test(test_disks),	cmocka_unit_test(test_progress),
		cmocka_unit_test(test_install), cmocka_unit_test(test_bundles),
		cmocka_unit_test(test_damaged), cmocka_unit_test(test_no_skeleton),
	};

	return cmocka_run_group_tests(tests, install_host_setup, tree_teardown);
}
