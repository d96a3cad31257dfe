// SPDX-License-Identifier: Apache-2.0
/* Reading the state archive: once to see that it is good, once to write its files. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"
#include "internal.h"
#include "state.h"

static void end_reader(struct archive **a)
{
	archive_read_free(*a);
}

static bool good_path(const char *path)
{
	if (!*path || *path == '/')
		return false;
	for (const char *part = path; part; part = strchr(part, '/')) {
		size_t len;

		part += *part == '/';
		len = strcspn(part, "/");
		if (len == 0 || (len == 1 && *part == '.') || (len == 2 && !strncmp(part, "..", 2)))
			return false;
	}
	return true;
}

static int check_entry(const char *archive, struct archive_entry *entry, struct err *e)
{
	const char *path = archive_entry_pathname(entry);

	if (!path || !good_path(path))
		return err_set(e, ERR_INVALID, "%s: '%.200s' is not a path below /", archive,
			       path ? path : "");
	if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) ||
	    !(archive_entry_perm(entry) & S_ISVTX))
		return err_set(e, ERR_INVALID, "%s: %.200s is not a sticky regular file", archive,
			       path);
	if (archive_entry_size(entry) < 0 || archive_entry_size(entry) > STATE_FILE_MAX)
		return err_set(e, ERR_INVALID, "%s: %.200s is larger than %u bytes", archive, path,
			       STATE_FILE_MAX);
	return 0;
}

static int read_data(struct archive *a, const char *archive, size_t size, char **data,
		     struct err *e)
{
	_cleanup_free_ char *buf = malloc(size + 1);
	size_t have = 0;

	if (!buf)
		return core_nomem(e);
	while (have < size) {
		la_ssize_t got = archive_read_data(a, buf + have, size - have);

		if (got <= 0)
			return err_set(e, ERR_INVALID, "%s: %s", archive,
				       got < 0 ? archive_error_string(a) : "ends early");
		have += (size_t)got;
	}
	*data = TAKE_PTR(buf);
	return 0;
}

static int write_file(struct archive_entry *entry, const char *data, size_t size, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, "/%s", archive_entry_pathname(entry)) < 0 ||
	    file_write_atomic(path, data, size, archive_entry_perm(entry), e) < 0)
		return -1;
	if (lchown(path, (uid_t)archive_entry_uid(entry), (gid_t)archive_entry_gid(entry)) < 0)
		return err_sys(e, errno, "%s: chown", path);
	return 0;
}

static int one_entry(struct archive *a, const char *archive, struct archive_entry *entry,
		     bool write, struct err *e)
{
	_cleanup_free_ char *data = NULL;
	size_t size;

	if (check_entry(archive, entry, e) < 0)
		return -1;
	size = (size_t)archive_entry_size(entry);
	if (read_data(a, archive, size, &data, e) < 0)
		return -1;
	return write ? write_file(entry, data, size, e) : 0;
}

static int walk(const char *path, bool write, struct err *e)
{
	_cleanup_(end_reader) struct archive *a = archive_read_new();
	struct archive_entry *entry;
	int count = 0;
	int rc;

	if (!a)
		return core_nomem(e);
	archive_read_support_format_tar(a);
	archive_read_support_filter_gzip(a);
	if (archive_read_open_filename(a, path, 16384) != ARCHIVE_OK)
		return err_set(e, archive_errno(a) == ENOENT ? ERR_NOT_FOUND : ERR_INVALID,
			       "%s: %s", path, archive_error_string(a));
	while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		if (archive_entry_filetype(entry) == AE_IFDIR)
			continue;
		if (++count > STATE_FILES_MAX)
			return err_set(e, ERR_INVALID, "%s: more than %d files", path,
				       STATE_FILES_MAX);
		if (one_entry(a, path, entry, write, e) < 0)
			return -1;
	}
	if (rc != ARCHIVE_EOF)
		return err_set(e, ERR_INVALID, "%s: %s", path, archive_error_string(a));
	return count;
}

int state_restore(const char *path, struct err *e)
{
	if (walk(path, false, e) < 0)
		return -1;
	return walk(path, true, e);
}
