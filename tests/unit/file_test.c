// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/lib/file.h"

static char dir[] = "/tmp/file_test.XXXXXX";

static int enter(void **state)
{
	(void)state;
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	return chdir("/") == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static int entries(void)
{
	DIR *d = opendir(".");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void write_and_read(void **state)
{
	struct err e = ERR_INIT;
	struct stat st;
	size_t len;
	char *text;

	(void)state;
	assert_int_equal(file_write_atomic("f", "abc\n", 4, 0640, &e), 0);
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(file_read("f", 4, &text, &len, &e), 0);
	assert_int_equal(len, 4);
	assert_string_equal(text, "abc\n");
	free(text);
	assert_int_equal(file_read("f", 3, &text, &len, &e), -1);
	assert_string_equal(e.text, "f: larger than 3 bytes");
	assert_int_equal(file_write_atomic("f", "", 0, 0640, &e), 0);
	assert_int_equal(file_read("f", 3, &text, &len, &e), 0);
	assert_int_equal(len, 0);
	free(text);
	assert_int_equal(entries(), 1);
	unlink("f");
}

static void large_file(void **state)
{
	size_t len, want = 3 * 4096 + 17;
	char *data = malloc(want), *text;
	struct err e = ERR_INIT;

	(void)state;
	memset(data, 'x', want);
	assert_int_equal(file_write_atomic("f", data, want, 0600, &e), 0);
	assert_int_equal(file_read("f", want, &text, &len, &e), 0);
	assert_int_equal(len, want);
	assert_memory_equal(text, data, want);
	free(text);
	free(data);
	unlink("f");
}

/* A file system that is full must leave the old file as it was. */
static void failed_write_changes_nothing(void **state)
{
	struct rlimit small = { 2, RLIM_INFINITY }, old;
	struct err e = ERR_INIT;
	char *text;

	(void)state;
	assert_int_equal(file_write_atomic("f", "old", 3, 0600, &e), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(file_write_atomic("f", "newer", 5, 0600, &e), -1);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(entries(), 1);
	assert_int_equal(file_read("f", 10, &text, NULL, &e), 0);
	assert_string_equal(text, "old");
	free(text);
	unlink("f");
}

static void numbers(void **state)
{
	struct err e = ERR_INIT;
	uint64_t v = 0;

	(void)state;
	assert_int_equal(file_write_atomic("n", "42\n", 3, 0600, &e), 0);
	assert_int_equal(file_read_u64("n", &v, &e), 0);
	assert_int_equal(v, 42);
	assert_int_equal(file_write_at(AT_FDCWD, "n", "max", &e), 0);
	assert_int_equal(file_read_u64("n", &v, &e), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(file_write_atomic("n", "4x", 2, 0600, &e), 0);
	assert_int_equal(file_read_u64("n", &v, &e), -1);
	assert_string_equal(e.text, "n: '4x' is not a number");
	assert_int_equal(file_write_atomic("n", "-4", 2, 0600, &e), 0);
	assert_int_equal(file_read_u64("n", &v, &e), -1);
	unlink("n");
	assert_int_equal(file_read_u64("n", &v, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static void directories(void **state)
{
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(file_make_dirs("a/b/c", &e), 0);
	assert_int_equal(stat("a/b/c", &st), 0);
	assert_int_equal(file_make_dirs("a/b/c", &e), 0);
	rmdir("a/b/c");
	rmdir("a/b");
	rmdir("a");
	assert_int_equal(file_make_dirs("/proc/self/no/such", &e), -1);
	assert_non_null(strstr(e.text, "/proc/self/no: mkdir"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_and_read),
		cmocka_unit_test(large_file),
		cmocka_unit_test(failed_write_changes_nothing),
		cmocka_unit_test(numbers),
		cmocka_unit_test(directories),
	};

	return cmocka_run_group_tests_name("file", tests, enter, leave);
}
