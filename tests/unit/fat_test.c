// SPDX-License-Identifier: Apache-2.0
/* FAT, read and made, against other programs: mkfs.fat, fsck.fat and mtools. */
#include "userworld/bank/fat_make.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static char root[] = "/tmp/fat.XXXXXX";

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	return chdir(root);
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void run(const char *command)
{
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

static struct blkio *open_image(void)
{
	struct err e = ERR_INIT;
	struct blkio *io = blkio_open("image", true, &e);

	if (!io)
		fail_msg("%s", e.text);
	return io;
}

/* All of a file, in steps of a length that is no sector's. */
static void same_as(struct fat *fat, const char *name, const char *path)
{
	FILE *f = fopen(path, "r");
	char ours[5000], theirs[5000];
	struct err e = ERR_INIT;
	struct fat_file file;
	struct stat st;

	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	if (fat_find(fat, name, &file, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(file.size, st.st_size);
	for (uint32_t at = 0; at < file.size; at += sizeof(ours)) {
		size_t n = fread(theirs, 1, sizeof(theirs), f);

		if (fat_read(fat, &file, at, ours, n, &e) < 0)
			fail_msg("%s", e.text);
		assert_memory_equal(ours, theirs, n);
	}
	fclose(f);
}

/* Files with holes between them, so that the last one lies in pieces. */
static void read_made_by_others(const char *mkfs, unsigned int bits)
{
	struct err e = ERR_INIT;
	struct fat_file file;
	struct blkio *io;
	struct fat fat;
	uint64_t room;

	run(mkfs);
	run("head -c 30000 /dev/urandom > one; head -c 500000 /dev/urandom > two; : > none");
	run("for i in 1 2 3 4 5 6 7 8; do mcopy -i image one ::hole$i.v00; mcopy -i image one "
	    "::keep$i.v00; done; "
	    "mcopy -i image none ::none; for i in 1 2 3 4 5 6 7 8; do mdel -i image ::hole$i.v00; "
	    "done; "
	    "mmd -i image ::folder; mcopy -i image two ::two.v01; mcopy -i image one '::a long "
	    "name.text'");
	io = open_image();
	if (fat_open(&fat, io, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(fat.bits, bits);
	same_as(&fat, "two.v01", "two");
	same_as(&fat, "KEEP8.V00", "one");
	same_as(&fat, "none", "none");
	assert_int_equal(fat_find(&fat, "hole1.v00", &file, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_int_equal(fat_find(&fat, "folder", &file, &e), -1);
	assert_int_equal(fat_free_bytes(&fat, &room, &e), 0);
	assert_true(room > 0 && room < io->size);
	blkio_close(io);
}

static void test_read_12(void **state)
{
	(void)state;
	read_made_by_others(
		"rm -f image; truncate -s 4M image; /sbin/mkfs.fat -F 12 -s 4 image > out", 12);
}

static void test_read_16(void **state)
{
	(void)state;
	read_made_by_others("rm -f image; truncate -s 32M image; /sbin/mkfs.fat -F 16 image > out",
			    16);
}

static void test_read_32(void **state)
{
	(void)state;
	read_made_by_others(
		"rm -f image; truncate -s 64M image; /sbin/mkfs.fat -F 32 -s 1 image > out", 32);
}

/* Any damage: it is refused or read, nothing else happens (the sanitizers look on). */
static void test_damaged(void **state)
{
	static unsigned char whole[1 << 20];
	struct fat_file file;
	struct blkio *io;
	struct fat fat;
	char buf[4096];

	(void)state;
	run("rm -f image; truncate -s 64M image; /sbin/mkfs.fat -F 32 -s 1 image > out; "
	    "head -c 300000 /dev/urandom > one; mcopy -i image one ::one");
	io = open_image();
	assert_int_equal(blkio_read(io, whole, sizeof(whole), 0, NULL), 0);
	srandom(7);
	for (int i = 0; i < 300; i++) {
		long at = random() % (i % 2 ? 90 : (long)sizeof(whole));
		unsigned char bad = (unsigned char)random();
		uint64_t room;

		assert_int_equal(blkio_write(io, &bad, 1, (uint64_t)at, NULL), 0);
		if (fat_open(&fat, io, NULL) == 0 && fat_find(&fat, "one", &file, NULL) == 0)
			for (uint32_t p = 0; p + 4096 < file.size && p < 300000; p += 4096)
				fat_read(&fat, &file, p, buf, 4096, NULL);
		if (i % 50 == 0 && fat_open(&fat, io, NULL) == 0)
			fat_free_bytes(&fat, &room, NULL);
		assert_int_equal(blkio_write(io, whole + at, 1, (uint64_t)at, NULL), 0);
	}
	blkio_close(io);
}

static void make(uint64_t size, uint32_t sector)
{
	struct fat_new_file files[] = { { .name = "boot.cfg", .size = 1024 },
					{ .name = "empty" },
					{ .name = "one", .size = 30000 },
					{ .name = "base.v00", .size = 500000 } };
	const char *const from[] = { "cfg", "none", "one", "two" };
	char command[64], buf[65536];
	struct err e = ERR_INIT;
	struct fat_plan plan;
	struct blkio *io;

	snprintf(command, sizeof(command), "rm -f image; truncate -s %llu image",
		 (unsigned long long)size);
	run(command);
	io = open_image();
	if (fat_plan(&plan, size, sector, files, 4, &e) < 0)
		fail_msg("%s", e.text);
	for (size_t i = 0; i < 4; i++) {
		FILE *f = fopen(from[i], "r");
		uint64_t at = files[i].at;
		size_t n;

		assert_non_null(f);
		for (; (n = fread(buf, 1, sizeof(buf), f)) > 0; at += n)
			assert_int_equal(blkio_write(io, buf, n, at, &e), 0);
		fclose(f);
	}
	assert_int_equal(fat_make(&plan, files, 4, 0x12345678, io, &e), 0);
	blkio_close(io);
	run("/sbin/fsck.fat -n image > out || { cat out; false; }");
	run("mcopy -n -i image ::boot.cfg got && cmp got cfg && rm got");
	run("mcopy -n -i image ::empty got && cmp got none && rm got");
	run("mcopy -n -i image ::one got && cmp got one && rm got");
	run("mcopy -n -i image ::base.v00 got && cmp got two && rm got");
}

static void test_make(void **state)
{
	(void)state;
	run("head -c 30000 /dev/urandom > one; head -c 500000 /dev/urandom > two; : > none; "
	    "head -c 1024 /dev/zero > cfg");
	make(2304 << 10, 512);
	make(20 << 20, 512);
	make(128 << 20, 512);
	make((uint64_t)2047 << 20, 512);
	make(128 << 20, 4096);
}

static void test_plan(void **state)
{
	struct fat_new_file file = { .name = "base.v00", .size = 100 << 20 };
	struct err e = ERR_INIT;
	struct fat_plan plan;

	(void)state;
	assert_int_equal(fat_plan(&plan, 100 << 20, 512, &file, 1, &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	assert_int_equal(fat_plan(&plan, 101 << 20, 512, &file, 1, &e), 0);
	assert_int_equal(fat_plan(&plan, 1 << 20, 512, &file, 1, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(fat_plan(&plan, 3ull << 30, 512, &file, 1, &e), -1);
	assert_true(fat_name_ok("vmlinuz") && fat_name_ok("a.b") && fat_name_ok("stage0.img"));
	assert_false(fat_name_ok("") || fat_name_ok("ninechars") || fat_name_ok("a.long") ||
		     fat_name_ok("a.") || fat_name_ok(".a") || fat_name_ok("UP") ||
		     fat_name_ok("a.b.c") || fat_name_ok("../a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_12), cmocka_unit_test(test_read_16),
		cmocka_unit_test(test_read_32), cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_make),	cmocka_unit_test(test_plan),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
