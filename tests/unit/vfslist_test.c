// SPDX-License-Identifier: Apache-2.0
/* Readers of visorfs's sysfs on a folder of plain files. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/lib/file.h"
#include "userworld/lib/vfsctl.h"

static char root[] = "/tmp/vfslist_test.XXXXXX";

static void put(const char *object, const char *file, const char *text)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/sys/fs/visorfs/0/%s", root, object);
	assert_int_equal(file_make_dirs(path, NULL), 0);
	snprintf(path, sizeof(path), "%s/sys/fs/visorfs/0/%s/%s", root, object, file);
	assert_int_equal(file_write_atomic(path, text, strlen(text), 0600, NULL), 0);
}

static void put_ramdisk(const char *name, const char *top, const char *used)
{
	static const char *const numbers[] = { "max_bytes",   "min_bytes",   "peak_bytes",
					       "max_inodes",  "used_inodes", "peak_inodes",
					       "full_events", "mark_bytes",  "mark_inodes" };
	char object[128];

	snprintf(object, sizeof(object), "ramdisks/%s", name);
	put(object, "path", top);
	put(object, "used_bytes", used);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put(object, numbers[i], "5\n");
}

static void put_tardisk(const char *name, const char *order)
{
	char object[128];

	snprintf(object, sizeof(object), "tardisks/%s", name);
	put(object, "order", order);
	put(object, "size", "1048576\n");
	put(object, "packed", "300\n");
	put(object, "memory", "400\n");
	put(object, "residency", "compressed\n");
	put(object, "files", "7\n");
	put(object, "branches", "1\n");
}

static int enter(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

static int leave(void **state)
{
	(void)state;
	return nftw(root, drop, 8, FTW_DEPTH | FTW_PHYS);
}

static void nothing_there(void **state)
{
	struct vfs_ramdisk *list;
	struct err e = ERR_INIT;
	size_t n;

	(void)state;
	assert_int_equal(vfs_ramdisk_list(root, &list, &n, &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_int_equal(vfs_ramdisk_list(root, &list, &n, NULL), -1);
}

static void ramdisks_by_path(void **state)
{
	struct vfs_ramdisk *list;
	struct err e = ERR_INIT;
	size_t n;

	(void)state;
	put_ramdisk("tmp", "/tmp\n", "4096\n");
	put_ramdisk("root", "/\n", "8192\n");
	assert_int_equal(vfs_ramdisk_list(root, &list, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_string_equal(list[0].name, "root");
	assert_string_equal(list[0].path, "/");
	assert_int_equal(list[0].used_bytes, 8192);
	assert_int_equal(list[0].full_events, 5);
	assert_string_equal(list[1].path, "/tmp");
	free(list);
	/* One that goes away while it is read is left out, not an error. */
	put("ramdisks/gone", "path", "/gone\n");
	assert_int_equal(vfs_ramdisk_list(root, &list, &n, NULL), 0);
	assert_int_equal(n, 2);
	free(list);
	put("ramdisks/tmp", "used_bytes", "many\n");
	assert_int_equal(vfs_ramdisk_list(root, &list, &n, &e), -1);
	assert_non_null(strstr(e.text, "ramdisks/tmp/used_bytes: 'many' is not a number"));
}

static void tardisks_by_order(void **state)
{
	struct vfs_tardisk *list;
	struct err e = ERR_INIT;
	size_t n;

	(void)state;
	put_tardisk("a.v00", "10\n");
	put_tardisk("b.v00", "9\n");
	assert_int_equal(vfs_tardisk_list(root, &list, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_string_equal(list[0].name, "b.v00");
	assert_string_equal(list[1].name, "a.v00");
	assert_int_equal(list[1].order, 10);
	assert_string_equal(list[1].residency, "compressed");
	assert_int_equal(list[1].size, 1048576);
	assert_int_equal(list[1].packed, 300);
	assert_int_equal(list[1].memory, 400);
	assert_int_equal(list[1].files, 7);
	assert_int_equal(list[1].branches, 1);
	free(list);
	/* One that is detached while it is read is left out. */
	put("tardisks/gone.v00", "residency", "resident\n");
	assert_int_equal(vfs_tardisk_list(root, &list, &n, &e), 0);
	assert_int_equal(n, 2);
	free(list);
}

static void verify_mode(void **state)
{
	static const char *const numbers[] = { "passes", "errors", "healed", "position" };
	struct vfs_verify v;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(vfs_verify_get(root, &v, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	put("verify", "enabled", "0\n");
	put("verify", "rate", "4096\n");
	put("verify", "tardisk", "base.v00\n");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put("verify", numbers[i], "3\n");
	assert_int_equal(vfs_verify_get(root, &v, &e), 0);
	assert_false(v.enabled);
	assert_int_equal(v.rate, 4096);
	assert_int_equal(v.healed, 3);
	assert_string_equal(v.tardisk, "base.v00");
	assert_int_equal(vfs_verify_set(root, true, 0, &e), 0);
	assert_int_equal(vfs_verify_get(root, &v, &e), 0);
	assert_true(v.enabled);
	assert_int_equal(v.rate, 4096);
	assert_int_equal(vfs_verify_set(root, false, 100, &e), 0);
	assert_int_equal(vfs_verify_get(root, &v, &e), 0);
	assert_false(v.enabled);
	assert_int_equal(v.rate, 100);
}

static void not_a_visorfs(void **state)
{
	struct visorfs_provider p;
	struct err e = ERR_INIT;
	unsigned int instance;

	(void)state;
	assert_int_equal(vfs_instance("/proc", &instance, &e), -1);
	assert_string_equal(e.text, "/proc: not on a visorfs");
	assert_int_equal(vfs_provider("/proc/version", &p, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(vfs_ramdisk_add("/proc", "a/b", 1, 0, 1, &e), -1);
	assert_string_equal(e.text, "'a/b': a name has 1 to 63 characters and no '/'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_there),     cmocka_unit_test(ramdisks_by_path),
		cmocka_unit_test(tardisks_by_order), cmocka_unit_test(verify_mode),
		cmocka_unit_test(not_a_visorfs),
	};

	return cmocka_run_group_tests_name("vfslist", tests, enter, leave);
}
