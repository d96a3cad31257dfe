// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/lib/file.h"
#include "userworld/vmklogger/logfile.h"
#include "userworld/vmklogger/settings.h"

static char dir[] = "/tmp/logfile_test.XXXXXX";

static int enter(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	return chdir("/") == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static size_t about(const struct logfile *f, char *buf, size_t size)
{
	return (size_t)snprintf(buf, size, "lost %" PRIu64 "\n", f->lost);
}

static int put(struct logfile *f, const char *line)
{
	logfile_write(f, line, strlen(line), about);
	return logfile_flush(f, about);
}

static void expect(const char *name, const char *want)
{
	struct err e = ERR_INIT;
	char *text;

	if (!want) {
		assert_int_equal(access(name, F_OK), -1);
		return;
	}
	assert_int_equal(file_read(name, 4096, &text, NULL, &e), 0);
	assert_string_equal(text, want);
	free(text);
	unlink(name);
}

static void rotation(void **state)
{
	static struct logfile f;

	(void)state;
	logfile_init(&f, dir, "a.log", 8, 3);
	for (int i = 0; i < 7; i++) {
		char line[16];

		snprintf(line, sizeof(line), "ln%d\n", i);
		assert_int_equal(put(&f, line), 0);
	}
	logfile_close(&f);
	expect("a.log", "ln6\n");
	expect("a.log.1", "ln4\nln5\n");
	expect("a.log.2", "ln2\nln3\n");
	expect("a.log.3", NULL);
}

static void one_file_only(void **state)
{
	static struct logfile f;

	(void)state;
	logfile_init(&f, dir, "a.log", 8, 1);
	put(&f, "one\n");
	put(&f, "two\n");
	put(&f, "three\n");
	logfile_close(&f);
	expect("a.log", "three\n");
	expect("a.log.1", NULL);
}

/* A new logger goes on in the file of the old one. */
static void goes_on(void **state)
{
	static struct logfile f;

	(void)state;
	logfile_init(&f, dir, "a.log", 8, 2);
	put(&f, "one\n");
	logfile_close(&f);
	logfile_init(&f, dir, "a.log", 8, 2);
	put(&f, "two\n");
	put(&f, "more\n");
	logfile_close(&f);
	expect("a.log.1", "one\ntwo\n");
	expect("a.log", "more\n");
}

static void deleted_while_open(void **state)
{
	static struct logfile f;

	(void)state;
	logfile_init(&f, dir, "a.log", 100, 2);
	put(&f, "one\n");
	unlink("a.log");
	put(&f, "two\n");
	logfile_close(&f);
	expect("a.log", "two\n");
}

/* A full ramdisk, played by a limit on file sizes: no half lines, and the loss is told. */
static void no_room(void **state)
{
	struct rlimit old, small;
	static struct logfile f;

	(void)state;
	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){ 10, old.rlim_max };
	logfile_init(&f, dir, "a.log", 100, 2);
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(put(&f, "first\n"), 0);
	assert_int_equal(put(&f, "second\n"), -1);
	assert_int_equal(put(&f, "third\n"), -1);
	assert_int_equal(f.lost, 2);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(put(&f, "fourth\n"), 0);
	assert_int_equal(f.lost, 0);
	logfile_close(&f);
	expect("a.log", "first\nlost 2\nfourth\n");
}

/* Of lines that are written together those that fit get in, whole. */
static void some_room(void **state)
{
	static struct logfile f;
	struct rlimit old, small;

	(void)state;
	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){ 10, old.rlim_max };
	logfile_init(&f, dir, "a.log", 100, 2);
	setrlimit(RLIMIT_FSIZE, &small);
	for (int i = 0; i < 5; i++)
		logfile_write(&f, "abc\n", 4, about);
	assert_int_equal(f.lost, 0);
	assert_int_equal(logfile_flush(&f, about), -1);
	assert_int_equal(f.lost, 3);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(put(&f, "more\n"), 0);
	logfile_close(&f);
	expect("a.log", "abc\nabc\nlost 3\nmore\n");
}

/* What is gathered counts for the size, and is written before the log turns over. */
static void gathered_lines_rotate(void **state)
{
	static struct logfile f;

	(void)state;
	logfile_init(&f, dir, "a.log", 8, 3);
	for (int i = 0; i < 5; i++) {
		char line[16];

		snprintf(line, sizeof(line), "ln%d\n", i);
		logfile_write(&f, line, 4, about);
	}
	assert_int_equal(logfile_flush(&f, about), 0);
	logfile_close(&f);
	expect("a.log", "ln4\n");
	expect("a.log.1", "ln2\nln3\n");
	expect("a.log.2", "ln0\nln1\n");
}

static void no_folder(void **state)
{
	static struct logfile f;

	(void)state;
	logfile_init(&f, "/nonexistent", "a.log", 100, 2);
	assert_int_equal(put(&f, "x\n"), -1);
	assert_int_equal(f.lost, 1);
}

static void settings(void **state)
{
	static const char good[] = "directory = /x\nvmkernel.size = 2M\nshell.rotate = 9\n"
				   "remote.hosts = udp://a tls://b\nremote.spool = 128K\n";
	static const char bad[] = "vmkernel.size = 1K\n";
	struct err e = ERR_INIT;
	struct settings s;

	(void)state;
	assert_int_equal(settings_read("none.conf", &s, &e), 0);
	assert_string_equal(s.directory, "/var/log");
	assert_int_equal(s.logs[LOG_ID_VMKERNEL].size, 1 << 20);
	assert_int_equal(file_write_atomic("c", good, strlen(good), 0600, &e), 0);
	assert_int_equal(settings_read("c", &s, &e), 0);
	assert_string_equal(s.directory, "/x");
	assert_int_equal(s.logs[LOG_ID_VMKERNEL].size, 2 << 20);
	assert_int_equal(s.logs[LOG_ID_SHELL].count, 9);
	assert_string_equal(s.remote.hosts, "udp://a tls://b");
	assert_int_equal(s.remote.spool, 128 << 10);
	assert_true(s.remote.verify);
	assert_int_equal(file_write_atomic("c", bad, strlen(bad), 0600, &e), 0);
	assert_int_equal(settings_read("c", &s, &e), -1);
	assert_string_equal(e.text, "c: vmkernel.size is at least 16K");
	assert_int_equal(s.logs[LOG_ID_VMKERNEL].size, 1 << 20);
	unlink("c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rotation),
		cmocka_unit_test(one_file_only),
		cmocka_unit_test(goes_on),
		cmocka_unit_test(deleted_while_open),
		cmocka_unit_test(no_room),
		cmocka_unit_test(no_folder),
		cmocka_unit_test(settings),
		cmocka_unit_test(some_room),
		cmocka_unit_test(gathered_lines_rotate),
	};

	return cmocka_run_group_tests_name("logfile", tests, enter, leave);
}
