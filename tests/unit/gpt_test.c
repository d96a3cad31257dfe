// SPDX-License-Identifier: Apache-2.0
/* The partition table against the one that sfdisk makes of the same words, and as libblkid reads
 * it. */
#include "userworld/install/gpt.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/medium/medium.h"

#define SIZE (64ull << 20)
#define DISK "0f0e0d0c-0b0a-4908-8706-050403020100"
#define STATE "6f0e8a52-4c1b-4f0a-9d0e-5649534f5253"
#define LINUX "0fc63daf-8483-4772-8e79-3d69d8477de4"
#define GUID_STATE "11111111-2222-4333-8444-55555555aaaa"
#define GUID_BANK "11111111-2222-4333-8444-55555555bbbb"

/* The tests run in a folder of their own, with a disk "made" and one that sfdisk makes. */
static char root[] = "/tmp/gpt.XXXXXX";

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(chdir(root), 0);
	run("mkdir -p dev sys/block/vda/vda1 sys/block/vda/vda2; echo 1 > "
	    "sys/block/vda/vda1/partition; "
	    "echo 2 > sys/block/vda/vda2/partition");
	return 0;
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return chdir("/") == 0 ? system(command) : -1;
}

static void write_at(int fd, const void *data, size_t len, uint64_t at)
{
	assert_int_equal(pwrite(fd, data, len, (off_t)at), len);
}

static void make(uint64_t size)
{
	struct gpt_part parts[] = {
		{ .name = "VISOROS-STATE", .first = 2048, .sectors = 8192 },
		{ .name = "VISOROS-BANK0", .first = 10240, .sectors = 16384 },
	};
	struct gpt gpt = { .sectors = size / GPT_SECTOR, .n = 2, .parts = parts };
	int fd = open("dev/vda", O_RDWR | O_CREAT | O_TRUNC, 0600);
	uint8_t copy[GPT_COPY], entry[GPT_MBR_ENTRY_SIZE];

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	assert_int_equal(gpt_guid_parse(DISK, gpt.guid), 0);
	assert_int_equal(gpt_guid_parse(STATE, parts[0].type), 0);
	assert_int_equal(gpt_guid_parse(LINUX, parts[1].type), 0);
	assert_int_equal(gpt_guid_parse(GUID_STATE, parts[0].guid), 0);
	assert_int_equal(gpt_guid_parse(GUID_BANK, parts[1].guid), 0);
	gpt_primary(&gpt, copy);
	write_at(fd, copy, sizeof(copy), GPT_SECTOR);
	gpt_backup(&gpt, copy);
	write_at(fd, copy, sizeof(copy), size - sizeof(copy));
	gpt_protect(gpt.sectors, entry);
	write_at(fd, entry, sizeof(entry), GPT_MBR_ENTRY);
	write_at(fd, "\x55\xaa", 2, GPT_MBR_SIGNATURE);
	close(fd);
}

static void compare(uint64_t size)
{
	char command[700];

	make(size);
	snprintf(command, sizeof(command),
		 "rm -f other; truncate -s %llu other; printf 'label: gpt\\nlabel-id: " DISK
		 "\\nfirst-lba: 2048\\nstart=2048, size=8192, type=" STATE
		 ", name=VISOROS-STATE, uuid=" GUID_STATE "\\nsize=16384, type=" LINUX
		 ", name=VISOROS-BANK0, uuid=" GUID_BANK "\\n' | /sbin/sfdisk -q other",
		 (unsigned long long)size);
	run(command);
	/* The middle of a large disk is a hole. */
	snprintf(command, sizeof(command),
		 "cmp -n 1048576 dev/vda other && cmp -i %llu dev/vda other",
		 (unsigned long long)size - 1048576);
	run(command);
}

static void test_as_sfdisk(void **state)
{
	(void)state;
	compare(SIZE);
	compare(SIZE + 17 * GPT_SECTOR);
	/* More sectors than the protective entry can say. */
	compare(3ull << 40);
}

static void expect_found(void)
{
	const struct medium_where where = { .cmdline = "", .sysfs = "sys", .dev = "dev" };
	struct err e = ERR_INIT;
	struct medium m;

	if (medium_read(&where, "vda", &m, &e) < 0)
		fail_msg("%s", e.text);
	assert_string_equal(m.guid, DISK);
	assert_true(m.part[MEDIUM_STATE].present && m.part[MEDIUM_BANK0].present);
	assert_string_equal(m.part[MEDIUM_BANK0].guid, GUID_BANK);
	assert_int_equal(m.part[MEDIUM_BANK0].offset, 10240 * GPT_SECTOR);
	assert_int_equal(m.part[MEDIUM_BANK0].size, 16384 * GPT_SECTOR);
}

/* Each copy is enough for libblkid; it believes their checksums only. */
static void test_copies(void **state)
{
	const struct medium_where where = { .cmdline = "", .sysfs = "sys", .dev = "dev" };
	struct medium m;
	int fd;

	(void)state;
	make(SIZE);
	expect_found();
	fd = open("dev/vda", O_RDWR);
	write_at(fd, "x", 1, 2 * GPT_SECTOR + 60);
	expect_found();
	write_at(fd, "x", 1, SIZE - GPT_COPY + 60);
	assert_int_equal(medium_read(&where, "vda", &m, NULL), -1);
	make(SIZE);
	write_at(fd, "x", 1, SIZE - GPT_SECTOR + 60);
	expect_found();
	/* Nor does it without the signature of the boot sector. */
	write_at(fd, "\0\0", 2, GPT_MBR_SIGNATURE);
	assert_int_equal(medium_read(&where, "vda", &m, NULL), -1);
	close(fd);
}

static void test_guid(void **state)
{
	uint8_t guid[GPT_GUID];

	(void)state;
	assert_int_equal(gpt_guid_parse("00112233-4455-6677-8899-AABBccddeeff", guid), 0);
	assert_memory_equal(
		guid, "\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff", GPT_GUID);
	assert_int_equal(gpt_guid_parse("00112233-4455-6677-8899-AABBccddeef", guid), -1);
	assert_int_equal(gpt_guid_parse("00112233-4455-6677-8899-AABBccddeefff", guid), -1);
	assert_int_equal(gpt_guid_parse("0011223344556677-8899-AABBccddeeff", guid), -1);
	assert_int_equal(gpt_guid_parse("0011223g-4455-6677-8899-AABBccddeeff", guid), -1);
	assert_int_equal(gpt_guid_parse("", guid), -1);
	memset(guid, 0xff, sizeof(guid));
	gpt_guid_mark(guid);
	assert_int_equal(guid[7], 0x4f);
	assert_int_equal(guid[8], 0xbf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_sfdisk),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_guid),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
