// SPDX-License-Identifier: Apache-2.0
/* The running image to another disk: files stand for disks. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/medium/blkio_part.h"
#include "userworld/medium/medium.h"
#include "userworld/state/snapshot.h"
#include "userworld/state/store.h"

#define GUID "11111111-2222-4333-8444-55555555"
#define STATE_AT (3ull << 20) /* of the new disk, behind 2 partitions of 1 MiB */
#define STATE_SIZE (2ull << 20)
#define BANK_AT (5ull << 20)
#define HASH "$6$salt$0123456789abcdefghijklmnop"
#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"

/* $T is the tree, $SIZE a bank's bytes. */
static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

/*
 * vda runs; vdb is empty, vdc too small, vdd write-protected, vde has the state. The skeleton is of
 * zeros and a word.
 */
static int setup(void **state)
{
	int rc = tree_setup(state);
	char size[16];

	snprintf(size, sizeof(size), "%u", SAMPLE_SIZE);
	setenv("SIZE", size, 1);
	setenv("T", tree_path(""), 1);
	run("cd $T && mkdir -p dev run/visoros proc usr/lib/visoros/install sys/class/block/vda4 "
	    "&& "
	    "for d in vda vdb vdc vdd vde; do mkdir -p sys/block/$d/device; echo 0 > "
	    "sys/block/$d/ro; "
	    "done; echo 1 > sys/block/vdd/ro; mkdir sys/block/vda/vda4 sys/block/vda/vda5 "
	    "sys/block/vde/vde3; "
	    "echo 4 | tee sys/block/vda/vda4/partition > sys/class/block/vda4/partition; "
	    "echo 5 > sys/block/vda/vda5/partition; truncate -s 32M dev/vda; truncate -s $SIZE "
	    "dev/vda4 "
	    "dev/vda5; truncate -s 12M dev/vdb dev/vdd dev/vde; truncate -s 11M dev/vdc; "
	    "for d in b c d e; do echo 24576 > sys/block/vd$d/size; done; "
	    "echo VB-1 > sys/block/vdb/serial; echo 65536 > sys/block/vda/size");
	run("cd $T && printf 'label: gpt\\nstart=2048, size=2048, name=VISOROS-BIOS\\nsize=2048, "
	    "name=VISOROS-ESP\\nsize=2048, name=VISOROS-STATE\\nsize=8192, name=VISOROS-BANK0, "
	    "uuid=" GUID "aaaa\\nsize=8192, name=VISOROS-BANK1, uuid=" GUID "bbbb\\n' | "
	    "/sbin/sfdisk -q dev/vda");
	run("cd $T/usr/lib/visoros/install && printf 'bios = 8K\\nesp = 16K\\nstate = 2M\\nbank = "
	    "2304K\\n' > layout.conf && truncate -s 25088 disk && printf ESP | dd of=disk bs=1 "
	    "seek=8704 conv=notrunc status=none && zstd -q disk -o disk.zst && rm disk");
	tree_write("/proc/cmdline", "quiet visoros.bank=" GUID "aaaa\n", 0644);
	return rc;
}

static struct blkio *open_dev(const char *path)
{
	struct blkio *io = blkio_open(tree_path(path), true, NULL);

	assert_non_null(io);
	return io;
}

static void put_running(int bank_state)
{
	struct blkio *io = open_dev("/dev/vda4");
	struct sample s;

	sample_make(&s, 3);
	snprintf(s.cfg.options, sizeof(s.cfg.options),
		 "visoros.install=x quiet visoros.install=http://h/a?b=c xvisoros.install=y end");
	assert_int_equal(sample_write(&s, io, bank_state, NULL), 0);
	sample_free(&s);
	blkio_close(io);
}

static void refused(const char *device, enum err_kind kind, const char *words)
{
	json_t *params = json_pack("{s:s}", "device", device);
	struct err e = ERR_INIT;

	assert_int_equal(core_call("system.boot.install", params, NULL, &e), -1);
	if (e.kind != kind || !strstr(e.text, words))
		fail_msg("%s: %s", device, e.text);
	json_decref(params);
}

static bool untouched(const char *path)
{
	static char bytes[12 << 20];
	struct blkio *io = open_dev(path);
	bool zero = true;

	assert_int_equal(blkio_read(io, bytes, io->size, 0, NULL), 0);
	for (uint64_t i = 0; i < io->size; i++)
		zero = zero && !bytes[i];
	blkio_close(io);
	return zero;
}

static void test_refused(void **state)
{
	(void)state;
	put_running(BANK_VALID);
	refused("/dev/vda", ERR_CONFLICT, "started from it");
	refused("/dev/vda4", ERR_INVALID, "is a partition");
	refused("/dev/vdc", ERR_NO_SPACE, "are missing");
	refused("/dev/vdd", ERR_CONFLICT, "write-protected");
	refused("/dev/vdx", ERR_NOT_FOUND, "no such disk");
	tree_write("/run/visoros/state/status.json", "{\"device\": \"/dev/vde3\"}", 0600);
	refused("/dev/vde", ERR_CONFLICT, "the state of this host is saved on it");
	refused("/dev/disk/vdb", ERR_INVALID, "/dev/NAME");
	refused("/proc/cmdline", ERR_INVALID, "/dev/NAME");
	assert_true(untouched("/dev/vdc") && untouched("/dev/vdd") && untouched("/dev/vde"));
	put_running(BANK_UPGRADING);
	refused("/dev/vdb", ERR_CONFLICT, "when it is confirmed");
	assert_true(untouched("/dev/vdb"));
}

static void empty_disk(void)
{
	run("truncate -s 0 $T/dev/vdb && truncate -s 12M $T/dev/vdb");
}

static void install(bool dry)
{
	json_t *params = json_pack("{s:s, s:b}", "device", "/dev/vdb", "dry_run", dry);
	struct err e = ERR_INIT;
	json_t *r = NULL;

	if (core_call("system.boot.install", params, &r, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(json_is_true(json_object_get(r, "installed")), !dry);
	assert_string_equal(json_string_value(json_object_get(r, "build")), "0.1.3-1-gabcdef");
	json_decref(params);
	json_decref(r);
}

static void test_install(void **state)
{
	struct blkio *io;
	struct blkio_part part;
	struct bank b;
	char word[3];

	(void)state;
	put_running(BANK_VALID);
	install(true);
	assert_true(untouched("/dev/vdb"));
	install(false);
	run("/sbin/sfdisk -q --verify $T/dev/vdb");
	io = open_dev("/dev/vdb");
	assert_int_equal(blkio_read(io, word, 3, 2 << 20, NULL), 0);
	assert_memory_equal(word, "ESP", 3);
	blkio_part(&part, io, "bank 0", BANK_AT, SAMPLE_SIZE);
	assert_int_equal(bank_look(&part.io, &b, NULL), 0);
	assert_string_equal(b.cfg.build, "0.1.3-1-gabcdef");
	assert_int_equal(bank_verify(&part.io, &b, NULL, NULL, NULL), 0);
	blkio_close(io);
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
	put_running(BANK_VALID);
	empty_disk();
	io = open_dev("/dev/vda4");
	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, "base.v00", &file, NULL), 0);
	assert_int_equal(fat_where(&fat, &file, 100, &where, &length, NULL), 0);
	assert_int_equal(blkio_write(io, "damage", 6, where, NULL), 0);
	blkio_close(io);
	refused("/dev/vdb", ERR_CONFLICT, "1 of its files are not good");
	assert_true(untouched("/dev/vdb"));
}

/* From $T/answers.cfg; the text goes there first. */
static int answer(const char *where, const char *text, struct err *e)
{
	json_t *params = json_pack("{s:s}", "answers", where);
	int rc;

	if (text)
		tree_write("/answers.cfg", text, 0600);
	rc = core_call("system.boot.install", params, NULL, e);
	json_decref(params);
	return rc;
}

static void not_answered(const char *where, const char *text, enum err_kind kind, const char *words)
{
	struct err e = ERR_INIT;

	assert_int_equal(answer(where, text, &e), -1);
	if (e.kind != kind || !strstr(e.text, words))
		fail_msg("%s: %s", text ? text : where, e.text);
}

static void expect_file(const struct state_snapshot *s, const char *path, mode_t mode,
			const char *text)
{
	const struct state_file *f = state_snapshot_find(s, path);

	assert_non_null(f);
	assert_int_equal(f->mode, mode);
	if (!strstr(f->data, text))
		fail_msg("%s: %s", path, f->data);
}

/* What stated will find there. */
static void expect_state(void)
{
	struct blkio *io = open_dev("/dev/vdb");
	struct state_snapshot s = { 0 };
	struct state_store store = { 0 };
	enum state_store_kind kind;
	struct state_header h;
	struct blkio_part part;
	uint8_t *payload;

	blkio_part(&part, io, "state", STATE_AT, STATE_SIZE);
	assert_int_equal(state_store_open(&store, &part.io, &kind, NULL, NULL, NULL), 0);
	assert_int_equal(kind, STATE_STORE_READY);
	assert_int_equal(state_store_newest(&store, &h, &payload, NULL, NULL, NULL), 1);
	assert_int_equal(h.number, 1);
	assert_int_equal(h.format, STATE_FORMAT);
	assert_int_equal(state_snapshot_unpack(&s, "state", payload, h.size, NULL), 0);
	assert_int_equal(s.count, 4);
	expect_file(&s, "/etc/hostname", 01644, "box\n");
	expect_file(&s, "/etc/shadow", 01600, "root:" HASH ":");
	expect_file(&s, "/etc/shadow", 01600, "\nnobody:*:1::::::\n");
	expect_file(&s, "/root/.ssh/authorized_keys", 01600, KEY " me\n");
	expect_file(&s, "/etc/network.conf", 01644,
		    "address = 192.0.2.10/24\ngateway = 192.0.2.1\ndns = 192.0.2.53\n");
	state_snapshot_free(&s);
	state_store_close(&store);
	free(payload);
	blkio_close(io);
}

static const char all_answers[] = "disk = serial:VB-1\nhostname = box\nroot-password = " HASH "\n"
				  "ssh-key.1 = " KEY " me\naddress = 192.0.2.10/24\n"
				  "gateway = 192.0.2.1\ndns = 192.0.2.53\n";

static void test_answers(void **state)
{
	struct err e = ERR_INIT;
	struct blkio_part part;
	struct blkio *io;
	struct bank b;

	(void)state;
	put_running(BANK_VALID);
	empty_disk();
	tree_write("/etc/shadow", "root:*:1::::::\nnobody:*:1::::::\n", 0600);
	if (answer("/answers.cfg", all_answers, &e) < 0)
		fail_msg("%s", e.text);
	expect_state();
	io = open_dev("/dev/vdb");
	blkio_part(&part, io, "bank 0", BANK_AT, SAMPLE_SIZE);
	assert_int_equal(bank_look(&part.io, &b, NULL), 0);
	/* What starts an install does not come along. */
	assert_string_equal(b.cfg.options, "quiet xvisoros.install=y end");
	blkio_close(io);
}

/* Nobody is asked: what is on the disk must be named. */
static void test_overwrite(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	put_running(BANK_VALID);
	empty_disk();
	assert_int_equal(answer("/answers.cfg", "disk = serial:VB-1\n", NULL), 0);
	not_answered("/answers.cfg", NULL, ERR_CONFLICT,
		     "/answers.cfg: /dev/vdb has VisorOS on it, which is not overwritten without "
		     "'overwrite = visoros'");
	assert_int_equal(answer("/answers.cfg", "disk = serial:VB-1\noverwrite = visoros\n", NULL),
			 0);
	empty_disk();
	run("printf x | dd of=$T/dev/vdb bs=1 seek=12582911 conv=notrunc status=none");
	not_answered("/answers.cfg", NULL, ERR_CONFLICT,
		     "something that is not known on it, which is not overwritten without "
		     "'overwrite = all'");
	empty_disk();
	run("printf 'label: dos\\nstart=2048, size=2048\\n' | /sbin/sfdisk -q $T/dev/vdb");
	not_answered("/answers.cfg", NULL, ERR_CONFLICT, "dos with 1 partition on it");
	empty_disk();
	run("printf 'label: gpt\\nsize=2048, name=VISOROS-STATE\\nsize=2048, name=mine\\n' | "
	    "/sbin/sfdisk -q $T/dev/vdb");
	not_answered("/answers.cfg", NULL, ERR_CONFLICT, "gpt with 2 partitions on it");
	empty_disk();
	run("/sbin/mkfs.fat -n MINE $T/dev/vdb >/dev/null");
	not_answered("/answers.cfg", NULL, ERR_CONFLICT, "vfat MINE on it");
	if (answer("/answers.cfg", "disk = serial:VB-1\noverwrite = all\n", &e) < 0)
		fail_msg("%s", e.text);
}

static void test_not_answered(void **state)
{
	json_t *both = json_pack("{s:s, s:s}", "answers", "/answers.cfg", "device", "/dev/vdb");

	(void)state;
	put_running(BANK_VALID);
	empty_disk();
	not_answered("/none.cfg", NULL, ERR_NOT_FOUND, "none.cfg");
	not_answered("answers.cfg", NULL, ERR_USAGE, "label:NAME or /PATH");
	not_answered("/answers.cfg", "disk = serial:other\n", ERR_NOT_FOUND, "as 'disk' says");
	not_answered("/answers.cfg", "disk = /dev/vda\noverwrite = all\n", ERR_CONFLICT,
		     "was started from");
	/* vdb, vdc, vdd and vde have the same size. */
	not_answered("/answers.cfg", "disk = smallest\n", ERR_CONFLICT, "name one");
	not_answered("/answers.cfg", "disk = serial:VB-1\nhostnam = x\n", ERR_INVALID,
		     "/answers.cfg:2: 'hostnam'");
	not_answered("label:ANSWERS", NULL, ERR_UNAVAILABLE, "no FAT file system of that name");
	assert_int_equal(core_call("system.boot.install", both, NULL, NULL), -1);
	json_decref(both);
	assert_true(untouched("/dev/vdb"));
}

static void test_label(void **state)
{
	(void)state;
	put_running(BANK_VALID);
	empty_disk();
	run("cd $T && mkdir -p sys/class/block/sdx1 && truncate -s 2M dev/sdx1 && "
	    "/sbin/mkfs.fat -n ANSWERS dev/sdx1 >/dev/null");
	not_answered("label:answers", NULL, ERR_NOT_FOUND, "label:answers: ");
	run("cd $T && printf 'disk = nowhere\\n' > a && mcopy -i dev/sdx1 a ::ANSWERS.CFG");
	not_answered("label:answers", NULL, ERR_INVALID, "label:answers:1: 'disk'");
}

static void test_no_skeleton(void **state)
{
	(void)state;
	put_running(BANK_VALID);
	empty_disk();
	run("cd $T/usr/lib/visoros/install && cp disk.zst good && truncate -s -3 disk.zst");
	refused("/dev/vdb", ERR_INVALID, "disk.zst: it ends too early");
	run("cd $T/usr/lib/visoros/install && cp good disk.zst && printf x | dd of=disk.zst bs=1 "
	    "seek=$(($(stat -c %s good) - 2)) conv=notrunc status=none");
	refused("/dev/vdb", ERR_INVALID, "disk.zst");
	run("cd $T/usr/lib/visoros/install && cp good disk.zst && sed -i s/16K/12K/ layout.conf");
	refused("/dev/vdb", ERR_INVALID, "longer than its layout");
	run("cd $T/usr/lib/visoros/install && sed -i s/12K/20K/ layout.conf");
	refused("/dev/vdb", ERR_INVALID, "shorter than its layout");
	assert_true(untouched("/dev/vdb"));
	run("rm $T/usr/lib/visoros/install/disk.zst");
	refused("/dev/vdb", ERR_NOT_FOUND, "disk.zst");
	run("echo 'bios = 8K' > $T/usr/lib/visoros/install/layout.conf");
	refused("/dev/vdb", ERR_INVALID, "'esp' is missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),	     cmocka_unit_test(test_install),
		cmocka_unit_test(test_answers),	     cmocka_unit_test(test_overwrite),
		cmocka_unit_test(test_not_answered), cmocka_unit_test(test_label),
		cmocka_unit_test(test_damaged),	     cmocka_unit_test(test_no_skeleton),
	};

	return cmocka_run_group_tests(tests, setup, tree_teardown);
}
