// SPDX-License-Identifier: Apache-2.0
/* The boot medium by its partition table; sfdisk makes the table. */
#include "userworld/medium/medium.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define BANK0 "11111111-2222-4333-8444-55555555aaaa"
#define BANK1 "11111111-2222-4333-8444-55555555bbbb"
#define SIZE (64 << 20)

static const char table[] =
	"label: gpt\nlabel-id: 0F0E0D0C-0B0A-4908-8706-050403020100\n"
	"start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649, name=VISOROS-BIOS\n"
	"size=8192, type=U, name=VISOROS-ESP\n"
	"size=8192, type=6f0e8a52-4c1b-4f0a-9d0e-5649534f5253, name=VISOROS-STATE\n"
	"size=16384, type=L, name=VISOROS-BANK0, uuid=" BANK0 "\n"
	"size=16384, type=L, name=VISOROS-BANK1, uuid=" BANK1 "\n"
	"size=2048, type=L, name=VISOROS-BANK1\n";

/* The tests run in a folder of their own: sys, dev. */
static char root[] = "/tmp/medium.XXXXXX";

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

static void add_disk(const char *disk, const char *layout)
{
	char command[300];
	FILE *f;

	snprintf(command, sizeof(command),
		 "mkdir -p sys/block/%s/device; truncate -s %d dev/%s; cd sys/block/%s; for n in 1 "
		 "2 3 4 5; do "
		 "mkdir %s$n; echo $n > %s$n/partition; done",
		 disk, SIZE, disk, disk, disk, disk);
	run(command);
	snprintf(command, sizeof(command), "/sbin/sfdisk -q dev/%s", disk);
	f = popen(command, "w");
	assert_non_null(f);
	fputs(layout, f);
	assert_int_equal(pclose(f), 0);
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(chdir(root), 0);
	run("mkdir -p dev sys/block/loop0");
	add_disk("sdx", "label: gpt\nstart=2048, size=2048, type=L, name=else\n");
	add_disk("vda", table);
	return 0;
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static struct medium_where here(const char *cmdline)
{
	return (struct medium_where){ .cmdline = cmdline, .sysfs = "sys", .dev = "dev" };
}

static void test_found(void **state)
{
	struct medium_where where = here("quiet visoros.bank=11111111-2222-4333-8444-55555555BBBB");
	struct err e = ERR_INIT;
	char path[64];
	struct medium m;

	(void)state;
	assert_int_equal(medium_find_at(&where, &m, &e), 0);
	assert_string_equal(m.disk, "dev/vda");
	assert_string_equal(m.guid, "0f0e0d0c-0b0a-4908-8706-050403020100");
	assert_int_equal(m.bank, 1);
	assert_int_equal(m.size, SIZE);
	assert_int_equal(m.sector, 512);
	for (int i = 0; i < MEDIUM_PARTS; i++) {
		assert_true(m.part[i].present);
		assert_int_equal(m.part[i].number, i + 1);
		snprintf(path, sizeof(path), "dev/vda%d", i + 1);
		assert_string_equal(m.part[i].device, path);
	}
	assert_string_equal(m.part[MEDIUM_BANK0].guid, BANK0);
	assert_int_equal(m.part[MEDIUM_STATE].offset, (2048 + 2048 + 8192) * 512);
	assert_int_equal(m.part[MEDIUM_STATE].size, 8192 * 512);
	assert_int_equal(m.part[MEDIUM_BANK1].size, 16384 * 512);
}

static void test_not_there(void **state)
{
	struct medium_where other = here("visoros.bank=11111111-2222-4333-8444-55555555cccc");
	struct medium_where none = here("quiet");
	struct err e = ERR_INIT;
	char guid[MEDIUM_GUID];
	struct medium m;

	(void)state;
	assert_int_equal(medium_find_at(&other, &m, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_true(medium_expected(&other, guid));
	assert_int_equal(medium_find_at(&none, &m, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_false(medium_expected(&none, guid));
}

/* The kernel has no device for a partition: it did not read the table, or it was changed since. */
static void test_no_device(void **state)
{
	struct medium_where where = here("visoros.bank=" BANK0);
	struct err e = ERR_INIT;
	struct medium m;

	(void)state;
	run("mv sys/block/vda/vda3 away");
	assert_int_equal(medium_find_at(&where, &m, &e), 0);
	assert_false(m.part[MEDIUM_STATE].present);
	assert_true(m.part[MEDIUM_BANK1].present);
	run("mv away sys/block/vda/vda3");
}

static void test_twice(void **state)
{
	struct medium_where where = here("visoros.bank=" BANK0);
	struct err e = ERR_INIT;
	struct medium m;

	(void)state;
	add_disk("vdb", table);
	assert_int_equal(medium_find_at(&where, &m, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_non_null(strstr(e.text, "/vda"));
	assert_non_null(strstr(e.text, "/vdb"));
	run("rm -r sys/block/vdb");
}

/* It was rebuilt on another disk: that one is the medium, and the one of the loader is none. */
static void test_moved(void **state)
{
	struct medium_where where = here("visoros.bank=99999999-0000-4000-8000-000000000000");
	struct medium_where old = here("visoros.bank=" BANK0);
	struct err e = ERR_INIT;
	struct medium m;

	(void)state;
	where.moved = old.moved = "moved";
	assert_int_equal(medium_find_at(&where, &m, &e), -1);
	run("echo " BANK0 " > moved");
	assert_int_equal(medium_find_at(&where, &m, &e), 0);
	assert_int_equal(m.bank, 0);
	run("echo 99999999-0000-4000-8000-000000000000 > moved");
	assert_int_equal(medium_find_at(&old, &m, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	/* What is no GUID moves nothing. */
	run("echo x > moved");
	assert_int_equal(medium_find_at(&old, &m, &e), 0);
	/* A host without a medium does not get one by it. */
	run("echo " BANK0 " > moved");
	where.cmdline = "quiet";
	assert_int_equal(medium_find_at(&where, &m, &e), -1);
	run("rm moved");
}

/* The first copy of the table is damaged: the one at the end counts. */
static void test_backup_table(void **state)
{
	struct medium_where where = here("visoros.bank=" BANK0);
	struct err e = ERR_INIT;
	struct medium m;

	(void)state;
	run("printf x | dd of=dev/vda bs=1 seek=600 conv=notrunc status=none");
	assert_int_equal(medium_find_at(&where, &m, &e), 0);
	assert_true(m.part[MEDIUM_STATE].present);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),	  cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_no_device), cmocka_unit_test(test_twice),
		cmocka_unit_test(test_moved),	  cmocka_unit_test(test_backup_table),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
