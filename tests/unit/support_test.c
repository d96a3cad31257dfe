// SPDX-License-Identifier: Apache-2.0
/* A whole support bundle of a throw-away host, with a secret wherever one can be. */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/support/support.h"
#include "userworld/core/support/tgz.h"

#define DIR "/usr/lib/visoros/support.d"
#define SECRET "PLANTED"

/* All members one behind the other, each as "=== NAME\n" and its bytes. */
static char all[4 << 20];
static size_t all_len;

static void add(const void *data, size_t len)
{
	assert_true(all_len + len < sizeof(all));
	memcpy(all + all_len, data, len);
	all_len += len;
	all[all_len] = '\0';
}

static void unpack(const char *path)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	char data[4096];
	la_ssize_t len;

	all_len = 0;
	archive_read_support_filter_gzip(a);
	archive_read_support_format_tar(a);
	assert_int_equal(archive_read_open_filename(a, path, 4096), ARCHIVE_OK);
	while (archive_read_next_header(a, &entry) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);

		assert_int_equal(strncmp(name, "visor-support-", 14), 0);
		assert_int_equal(archive_entry_perm(entry), 0600);
		add("=== ", 4);
		add(strchr(name, '/') + 1, strlen(strchr(name, '/') + 1));
		add("\n", 1);
		while ((len = archive_read_data(a, data, sizeof(data))) > 0)
			add(data, (size_t)len);
		assert_int_equal(len, 0);
	}
	archive_read_free(a);
	/* No text has NULs. */
	assert_int_equal(strlen(all), all_len);
}

/* The line of the index that begins with what and has the name. */
static void assert_index(const char *what, const char *name)
{
	const char *at = strstr(all, "=== index.txt\n");

	assert_non_null(at);
	while ((at = strchr(at, '\n'))) {
		size_t len = strcspn(++at, "\n");
		const char *found = memmem(at, len, name, strlen(name));

		if (!strncmp(at, what, strlen(what)) && found)
			return;
	}
	fail_msg("the index has no '%s' of '%s':\n%s", what, name, strstr(all, "=== index.txt\n"));
}

static json_t *make(const char *group)
{
	const char *path = tree_path("/bundle.tgz");
	struct err e = ERR_INIT;
	json_t *result = NULL;

	unlink(path);
	if (support_write_file(path, group, &result, &e) < 0)
		fail_msg("%s", e.text);
	unpack(path);
	return result;
}

static json_int_t number(json_t *row, const char *key)
{
	assert_true(json_is_integer(json_object_get(row, key)));
	return json_integer_value(json_object_get(row, key));
}

static void plant(void)
{
	char manifest[4096];

	tree_write("/etc/shadow", "root:$6$" SECRET "$" SECRET SECRET ":19000:0:99999:7:::\n",
		   0600);
	tree_write("/etc/conf", "name = x\npassword = " SECRET "\nafter = y\n", 0600);
	tree_write("/etc/ssl/host.key", SECRET "\n", 0600);
	tree_write("/etc/ssl/host.crt", "certificate\n", 0644);
	tree_write("/etc/own/unlock", SECRET "\n", 0600);
	tree_write("/etc/own/words", "lucky-number: " SECRET "\n", 0600);
	tree_write("/var/log/a.log",
		   "one --password " SECRET " --x\ntwo\n-----BEGIN PRIVATE KEY-----\n" SECRET
		   "\nlast " SECRET "\n",
		   0600);
	assert_int_equal(symlink("shadow", tree_path("/etc/innocent")), 0);
	assert_int_equal(symlink("conf", tree_path("/etc/linked")), 0);
	assert_int_equal(mkfifo(tree_path("/etc/ssl/fifo"), 0600), 0);
	snprintf(manifest, sizeof(manifest),
		 "about All there is\n"
		 "copy /etc/conf /etc/shadow /etc/innocent /etc/linked /etc/ssl /nowhere/*\n"
		 "copy /etc/own\n"
		 "copy tail=12 /var/log/a.log\n"
		 "copy head=8 /etc/ssl/host.c*\n"
		 "exec 10 1K echo.txt /bin/echo --token=" SECRET " after\n"
		 "exec 10 1K many.txt /bin/sh %s\n"
		 "exec 1 1K slow.txt /bin/sh %s\n"
		 "exec 10 1K fails.txt /bin/sh %s\n"
		 "exec 10 1K gone.txt /nowhere/x\n"
		 "exec 10 1M long.txt /bin/sh %s\n"
		 "refuse /etc/own/unlock\n"
		 "secret lucky-number\n",
		 tree_path("/many"), tree_path("/slow"), tree_path("/fails"), tree_path("/long"));
	tree_write(DIR "/all.mfx", manifest, 0644);
	tree_write(DIR "/bad.mfx", "nonsense\n", 0644);
	tree_write(DIR "/other.mfx", "group other\ncopy /etc/conf\n", 0644);
	tree_write(DIR "/README", "no manifest\n", 0644);
	/* A secret that begins just where it is cut. */
	tree_write("/many", "while echo 'some text password=" SECRET "'; do :; done\n", 0755);
	tree_write("/slow", "echo early; printf 'password=" SECRET "'; sleep 100\n", 0755);
	tree_write("/fails", "echo said; exit 3\n", 0755);
	tree_write("/long", "i=0; while [ $i -lt 9000 ]; do echo 0123456789; i=$((i+1)); done\n",
		   0755);
}

static void nothing_secret_is_in_it(void **state)
{
	json_t *result = make(NULL);

	(void)state;
	assert_null(strstr(all, SECRET));
	assert_null(strstr(all, "PLANT"));
	assert_true(number(result, "secrets") >= 6);
	assert_true(number(result, "refused") >= 5);
	json_decref(result);
}

static void each_is_taken_as_far_as_it_may(void **state)
{
	json_t *result = make(NULL);
	struct stat st;

	(void)state;
	assert_non_null(strstr(all, "=== etc/conf\nname = x\npassword = <removed>\nafter = y\n"));
	assert_non_null(strstr(all, "=== etc/linked\nname = x\n"));
	assert_non_null(strstr(all, "=== etc/ssl/host.crt\ncertific==="));
	assert_non_null(strstr(all, "=== commands/echo.txt\n--token=<removed>\n"));
	assert_non_null(strstr(all, "=== commands/slow.txt\nearly\n==="));
	assert_non_null(strstr(all, "=== commands/fails.txt\nsaid\n"));
	assert_non_null(strstr(all, "=== etc/own/words\nlucky-number: <removed>\n"));
	assert_index("taken", " /etc/conf");
	assert_index("refused", "/etc/shadow  # it is a secret");
	assert_index("refused", "/etc/innocent  # it leads to a secret");
	assert_index("refused", "/etc/ssl/host.key");
	assert_index("refused", "/etc/ssl/fifo  # it is no regular file");
	assert_index("refused", "/etc/own/unlock");
	assert_index("missing", "/nowhere/*");
	assert_index("cut", "/var/log/a.log");
	assert_index("cut", "commands/many.txt");
	assert_index("timed_out", "commands/slow.txt  # did not end within 1 s");
	assert_index("failed", "commands/fails.txt  # ended with exit code 3");
	assert_index("failed", "commands/gone.txt  # ended with exit code 127");
	assert_index("failed", "bad  # bad.mfx:1: unknown word 'nonsense'");
	assert_int_equal(number(result, "timed_out"), 1);
	assert_int_equal(number(result, "failed"), 3);
	stat(tree_path("/bundle.tgz"), &st);
	assert_int_equal(number(result, "bytes"), st.st_size);
	json_decref(result);
}

/* 99,000 bytes in spools of 32 KiB. */
static void long_output_is_in_parts(void **state)
{
	const char *first, *second, *last;
	json_t *result = make(NULL);

	(void)state;
	first = strstr(all, "=== commands/long.txt\n");
	second = strstr(all, "=== commands/long.txt.001\n");
	last = strstr(all, "=== commands/long.txt.003\n");
	assert_non_null(first);
	assert_non_null(last);
	assert_int_equal(second - first - 22, TGZ_SPOOL);
	assert_null(strstr(all, "=== commands/long.txt.004\n"));
	json_decref(result);
}

static void a_group_is_enough(void **state)
{
	struct err e = ERR_INIT;
	json_t *result = make("other");

	(void)state;
	assert_int_equal(number(result, "taken"), 1);
	assert_null(strstr(all, SECRET));
	assert_int_equal(support_write_file(tree_path("/none"), "nobody", NULL, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_int_equal(access(tree_path("/none"), F_OK), -1);
	json_decref(result);
}

static void what_is_no_text_is_refused(void **state)
{
	FILE *f = fopen(tree_path("/etc/binary"), "w");
	json_t *result;

	(void)state;
	fwrite("\177ELF\0" SECRET, 1, 12, f);
	fclose(f);
	tree_write(DIR "/binary.mfx", "group binary\ncopy /etc/binary\n", 0644);
	result = make("binary");
	assert_index("refused", "/etc/binary  # it is not text");
	assert_null(strstr(all, SECRET));
	json_decref(result);
}

static void a_file_that_is_there_stays(void **state)
{
	struct err e = ERR_INIT;
	char *text;

	(void)state;
	tree_write("/there", "mine", 0600);
	assert_int_equal(support_write_file(tree_path("/there"), NULL, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	text = tree_read("/there");
	assert_string_equal(text, "mine");
	free(text);
}

static void a_full_disk_is_told(void **state)
{
	int fd = open("/dev/full", O_WRONLY);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(support_write(fd, NULL, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	assert_string_equal(e.text, "writing the support bundle: No space left on device");
	close(fd);
}

static void one_at_a_time(void **state)
{
	int fd = open(tree_path("/run/visoros/support.lock"), O_RDWR);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(support_write(-1, NULL, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	close(fd);
}

static void manifests_are_listed(void **state)
{
	struct err e = ERR_INIT;
	json_t *list = NULL;

	(void)state;
	assert_int_equal(core_call("system.support.manifest.list", NULL, &list, &e), 0);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "about")),
			    "All there is");
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 1), "problem")),
			    "bad.mfx:1: unknown word 'nonsense'");
	json_decref(list);
}

/* The ones of the image; docs/troubleshooting.md names their groups. */
static void shipped_manifests_are_right(void **state)
{
	json_t *list = NULL, *row;
	char command[512];
	size_t i;

	(void)state;
	snprintf(command, sizeof(command), "rm %s/*; cp userworld/core/support/manifests/* %s",
		 tree_path(DIR), tree_path(DIR));
	assert_int_equal(system(command), 0);
	assert_int_equal(support_manifests(&list, NULL), 0);
	assert_true(json_array_size(list) >= 4);
	json_array_foreach (list, i, row)
		assert_string_equal(json_string_value(json_object_get(row, "problem")), "");
	json_decref(list);
}

static int setup(void **state)
{
	int rc = tree_setup(state);

	if (rc == 0)
		plant();
	return rc;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_secret_is_in_it),
		cmocka_unit_test(each_is_taken_as_far_as_it_may),
		cmocka_unit_test(long_output_is_in_parts),
		cmocka_unit_test(a_group_is_enough),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(a_file_that_is_there_stays),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(one_at_a_time),
		cmocka_unit_test(manifests_are_listed),
		cmocka_unit_test(shipped_manifests_are_right),
	};

	return cmocka_run_group_tests(tests, setup, tree_teardown);
}
