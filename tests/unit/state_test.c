// SPDX-License-Identifier: Apache-2.0
/* Restoring a state archive: all of it or, if any of it is bad, nothing. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/state/state.h"

struct member {
	const char *path;
	unsigned int type;
	unsigned int mode;
	const char *data;
};

static void make_archive(const struct member *members, size_t n)
{
	struct archive *a = archive_write_new();

	archive_write_set_format_gnutar(a);
	archive_write_add_filter_gzip(a);
	tree_write("/tmp/state.tgz", "", 0600);
	assert_int_equal(archive_write_open_filename(a, tree_path("/tmp/state.tgz")), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *entry = archive_entry_new();
		size_t len = members[i].type == AE_IFREG ? strlen(members[i].data) : 0;

		archive_entry_set_pathname(entry, members[i].path);
		archive_entry_set_filetype(entry, members[i].type);
		archive_entry_set_perm(entry, (mode_t)members[i].mode);
		archive_entry_set_uid(entry, getuid());
		archive_entry_set_gid(entry, getgid());
		archive_entry_set_size(entry, (la_int64_t)len);
		if (members[i].type == AE_IFLNK)
			archive_entry_set_symlink(entry, members[i].data);
		assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
		assert_int_equal(archive_write_data(a, members[i].data, len), len);
		archive_entry_free(entry);
	}
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
}

static int restore(struct err *e)
{
	json_t *changed = json_array();
	int rc = state_restore(tree_path("/tmp/state.tgz"), changed, e);

	/* No visorfs here: what was there before is not known. */
	assert_true(rc < 0 || (size_t)rc == json_array_size(changed));
	json_decref(changed);
	return rc;
}

static void brings_back(void **state)
{
	static const struct member members[] = {
		{ "etc/", AE_IFDIR, 0755, "" },
		{ "etc/one", AE_IFREG, 01640, "first\n" },
		{ "etc/two", AE_IFREG, 01644, "" },
	};
	struct err e = ERR_INIT;
	struct stat st;
	char *text;

	(void)state;
	tree_write("/etc/one", "old\n", 01644);
	make_archive(members, 3);
	if (restore(&e) != 2)
		fail_msg("%s", e.text);
	text = tree_read("/etc/one");
	assert_string_equal(text, "first\n");
	free(text);
	assert_int_equal(stat(tree_path("/etc/one"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 01640);
	assert_int_equal(access(tree_path("/etc/two"), F_OK), 0);
}

/* The good member before the bad one must not be written either. */
static void refuse(const struct member *bad)
{
	struct member members[] = { { "etc/good", AE_IFREG, 01644, "new\n" }, *bad };
	struct err e = ERR_INIT;

	make_archive(members, 2);
	assert_int_equal(restore(&e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(access(tree_path("/etc/good"), F_OK), -1);
}

static void refuses(void **state)
{
	static const struct member bad[] = {
		{ "/etc/absolute", AE_IFREG, 01644, "x" },
		{ "etc/../../escape", AE_IFREG, 01644, "x" },
		{ "./etc/dot", AE_IFREG, 01644, "x" },
		{ "etc/not-sticky", AE_IFREG, 0644, "x" },
		{ "etc/link", AE_IFLNK, 01777, "/etc/shadow" },
		{ "etc/device", AE_IFCHR, 01600, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuse(&bad[i]);
}

static void truncated(void **state)
{
	static char noise[60001];
	struct member members[] = { { "etc/good", AE_IFREG, 01644, "new\n" },
				    { "etc/noise", AE_IFREG, 01644, noise } };
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	srandom(1);
	for (size_t i = 0; i < sizeof(noise) - 1; i++)
		noise[i] = (char)(random() % 255 + 1);
	make_archive(members, 2);
	assert_int_equal(stat(tree_path("/tmp/state.tgz"), &st), 0);
	for (int percent = 0; percent < 100; percent += 9) {
		make_archive(members, 2);
		assert_int_equal(truncate(tree_path("/tmp/state.tgz"), st.st_size * percent / 100),
				 0);
		assert_int_equal(restore(&e), -1);
		assert_int_equal(access(tree_path("/etc/good"), F_OK), -1);
	}
}

static void missing(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	unlink(tree_path("/tmp/state.tgz"));
	assert_int_equal(restore(&e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(brings_back),
		cmocka_unit_test(refuses),
		cmocka_unit_test(truncated),
		cmocka_unit_test(missing),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
