// SPDX-License-Identifier: Apache-2.0
/* The same as answers say, with what comes along. */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/install_host.h"
#include "tests/unit/installed.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "tardisk/bundle.h"
#include "userworld/core/core.h"
#include "userworld/core/trust/host_trust.h"
#include "userworld/medium/blkio_part.h"
#include "userworld/state/snapshot.h"
#include "userworld/state/store.h"

#define HASH "$6$salt$0123456789abcdefghijklmnop"
#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"

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

static void expect_state(void)
{
	struct state_snapshot s = { 0 };

	install_host_state(&s);
	assert_int_equal(s.count, 4);
	expect_file(&s, "/etc/hostname", 01644, "box\n");
	expect_file(&s, "/etc/shadow", 01600, "root:" HASH ":");
	expect_file(&s, "/etc/shadow", 01600, "\nnobody:*:1::::::\n");
	expect_file(&s, "/root/.ssh/authorized_keys", 01600, KEY " me\n");
	expect_file(&s, "/etc/network.conf", 01644,
		    "address = 192.0.2.10/24\ngateway = 192.0.2.1\ndns = 192.0.2.53\n");
	state_snapshot_free(&s);
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
	install_host_running(BANK_VALID);
	install_host_empty();
	tree_write("/etc/shadow", "root:*:1::::::\nnobody:*:1::::::\n", 0600);
	if (answer("/answers.cfg", all_answers, &e) < 0)
		fail_msg("%s", e.text);
	expect_state();
	io = install_host_open("/dev/vdb");
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
	install_host_running(BANK_VALID);
	install_host_empty();
	assert_int_equal(answer("/answers.cfg", "disk = serial:VB-1\n", NULL), 0);
	not_answered("/answers.cfg", NULL, ERR_CONFLICT,
		     "/answers.cfg: /dev/vdb has VisorOS on it, which is not overwritten without "
		     "'overwrite = visoros'");
	assert_int_equal(answer("/answers.cfg", "disk = serial:VB-1\noverwrite = visoros\n", NULL),
			 0);
	install_host_empty();
	install_host_run("printf x | dd of=$T/dev/vdb bs=1 seek=12582911 conv=notrunc status=none");
	not_answered("/answers.cfg", NULL, ERR_CONFLICT,
		     "something that is not known on it, which is not overwritten without "
		     "'overwrite = all'");
	install_host_empty();
	install_host_run(
		"printf 'label: dos\\nstart=2048, size=2048\\n' | /sbin/sfdisk -q $T/dev/vdb");
	not_answered("/answers.cfg", NULL, ERR_CONFLICT, "dos with 1 partition on it");
	install_host_empty();
	install_host_run(
		"printf 'label: gpt\\nsize=2048, name=VISOROS-STATE\\nsize=2048, name=mine\\n' | "
		"/sbin/sfdisk -q $T/dev/vdb");
	not_answered("/answers.cfg", NULL, ERR_CONFLICT, "gpt with 2 partitions on it");
	install_host_empty();
	install_host_run("/sbin/mkfs.fat -n MINE $T/dev/vdb >/dev/null");
	not_answered("/answers.cfg", NULL, ERR_CONFLICT, "vfat MINE on it");
	if (answer("/answers.cfg", "disk = serial:VB-1\noverwrite = all\n", &e) < 0)
		fail_msg("%s", e.text);
}

static void test_not_answered(void **state)
{
	json_t *both = json_pack("{s:s, s:s}", "answers", "/answers.cfg", "device", "/dev/vdb");

	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
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
	assert_true(install_host_untouched("/dev/vdb"));
}

static void test_label(void **state)
{
	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
	install_host_run("cd $T && mkdir -p sys/class/block/sdx1 && truncate -s 2M dev/sdx1 && "
			 "/sbin/mkfs.fat -n ANSWERS dev/sdx1 >/dev/null");
	not_answered("label:answers", NULL, ERR_NOT_FOUND, "label:answers: ");
	install_host_run(
		"cd $T && printf 'disk = nowhere\\n' > a && mcopy -i dev/sdx1 a ::ANSWERS.CFG");
	not_answered("label:answers", NULL, ERR_INVALID, "label:answers:1: 'disk'");
}

/* There is no visorfs to make the ramdisk of staged payloads: a folder is enough. */
int __wrap_vfs_ramdisk_add(const char *path, const char *name, uint64_t max, uint64_t min,
			   uint64_t inodes, struct err *e);
int __wrap_vfs_ramdisk_remove(const char *mount, const char *name, struct err *e);

int __wrap_vfs_ramdisk_add(const char *path, const char *name, uint64_t max, uint64_t min,
			   uint64_t inodes, struct err *e)
{
	(void)path, (void)name, (void)max, (void)min, (void)inodes, (void)e;
	return 0;
}

int __wrap_vfs_ramdisk_remove(const char *mount, const char *name, struct err *e)
{
	(void)mount, (void)name, (void)e;
	return 0;
}

/* A bundle without files, unsigned, as the file /NAME.vib. */
static void put_meta(const char *name, const char *version, const char *depends)
{
	struct bundle_parts parts = { 0 };
	struct bundle_descriptor *d;
	struct err e = ERR_INIT;
	char path[64], *text;
	int fd;

	assert_true(asprintf(&text,
			     "{\"format\": 1, \"name\": \"%s\", \"version\": \"%s\", "
			     "\"vendor\": \"acme\", \"type\": \"meta\", \"summary\": \"One\", "
			     "\"created\": \"2026-01-31T12:00:00Z\", \"acceptance_level\": "
			     "\"community\", \"files\": [], \"payloads\": [], \"depends\": [%s]}",
			     name, version, depends) > 0);
	if (bundle_descriptor_parse(text, strlen(text), &d, &e) < 0)
		fail_msg("%s", e.text);
	parts = (struct bundle_parts){ .d = d, .text = text, .text_len = strlen(text) };
	snprintf(path, sizeof(path), "/%s.vib", name);
	fd = open(tree_path(path), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(bundle_write(fd, &parts, &e), 0);
	close(fd);
	bundle_descriptor_free(d);
	free(text);
}

static void policy(const char *level)
{
	char text[64];

	snprintf(text, sizeof(text), "level = %s\nlowest = unsigned\n", level);
	tree_write(TRUST_IMAGE_POLICY, text, 0644);
}

#define DISK "disk = serial:VB-1\n"

/* One that is not good, and nothing is installed. */
static void test_bad_bundles(void **state)
{
	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
	policy("community");
	put_meta("one", "1", "");
	put_meta("two", "1", "\"three\"");
	tree_write("/bad.vib", "no bundle", 0600);
	not_answered("/answers.cfg", DISK "bundle.1 = /none.vib\n", ERR_NOT_FOUND,
		     "/answers.cfg:2: 'bundle.1': /none.vib: No such file");
	not_answered("/answers.cfg", DISK "bundle.1 = /bad.vib\n", ERR_INVALID,
		     "/answers.cfg:2: 'bundle.1': /bad.vib: ");
	not_answered("/answers.cfg", DISK "bundle.1 = /one.vib\n", ERR_DENIED,
		     "/answers.cfg:2: 'bundle.1': /one.vib: bundle one");
	policy("unsigned");
	not_answered("/answers.cfg", DISK "bundle.1 = /one.vib\n\nbundle.2 = /bad.vib\n",
		     ERR_INVALID, "/answers.cfg:4: 'bundle.2': /bad.vib: ");
	not_answered("/answers.cfg", DISK "bundle.1 = /two.vib\n", ERR_CONFLICT,
		     "/answers.cfg:2: 'bundle.1': /two.vib: ");
	not_answered("/answers.cfg", DISK "bundle.1 = /one.vib\nbundle.2 = /two.vib\n",
		     ERR_CONFLICT, "/answers.cfg:2: 'bundle.1' with 1 more: ");
	not_answered("/answers.cfg", DISK "bundle.1 = http://127.0.0.1:1/x.vib\n", ERR_UNAVAILABLE,
		     "/answers.cfg:2: 'bundle.1': http://127.0.0.1:1/x.vib: ");
	assert_true(install_host_untouched("/dev/vdb"));
	assert_int_not_equal(access(tree_path("/var/stage"), F_OK), 0);
}

/* Those of the answers come along with those of the host, of which they replace older ones. */
static void test_good_bundles(void **state)
{
	struct err e = ERR_INIT;
	struct blkio_part part;
	struct blkio *io;

	(void)state;
	install_host_running(BANK_VALID);
	install_host_empty();
	policy("unsigned");
	installed_put("tool", 5, "tool", "");
	installed_put("one", 6, "older", "");
	tree_write("/proc/meminfo", "MemTotal: 500000 kB\nMemAvailable: 400000 kB\n", 0444);
	put_meta("one", "2", "\"two\"");
	put_meta("two", "1", "");
	if (answer("/answers.cfg", DISK "bundle.1 = /one.vib\nbundle.2 = /two.vib\n", &e) < 0)
		fail_msg("%s", e.text);
	io = install_host_open("/dev/vdb");
	blkio_part(&part, io, "bank 0", BANK_AT, SAMPLE_SIZE);
	assert_true(install_host_has(&part.io, "tardisks/tool.v00"));
	assert_true(install_host_has(&part.io, "bundles/two.json"));
	assert_true(install_host_has(&part.io, "\\\"version\\\": \\\"2\\\""));
	assert_true(install_host_has(&part.io, "bundles/one.json"));
	assert_false(install_host_has(&part.io, "tardisks/one.v00"));
	blkio_close(io);
	install_host_run("cd $T && rm -r sys/fs/visorfs/0/tardisks/* var/db/visoros/bundles/*");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),	     cmocka_unit_test(test_overwrite),
		cmocka_unit_test(test_not_answered), cmocka_unit_test(test_label),
		cmocka_unit_test(test_bad_bundles),  cmocka_unit_test(test_good_bundles),
	};

	return cmocka_run_group_tests(tests, install_host_setup, tree_teardown);
}
