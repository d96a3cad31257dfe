// SPDX-License-Identifier: Apache-2.0
/* An archive, from anywhere, as a snapshot. */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "userworld/state/pack.h"
#include "userworld/state/snapshot.h"

static void end_reader(struct archive **a)
{
	archive_read_free(*a);
}

static int check_entry(struct archive_entry *entry, struct err *e)
{
	const char *path = archive_entry_pathname(entry);

	if (!path || !*path || *path == '/')
		return err_set(e, ERR_INVALID, "'%.200s' is not a path below /", path ? path : "");
	if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
		return err_set(e, ERR_INVALID, "%.200s is not a regular file", path);
	if (archive_entry_size(entry) < 0 || archive_entry_size(entry) > STATE_FILE_MAX)
		return err_set(e, ERR_INVALID, "%.200s is larger than %u bytes", path,
			       STATE_FILE_MAX);
	return 0;
}

static int read_data(struct archive *a, size_t size, char **data, struct err *e)
{
	_cleanup_free_ char *buf = malloc(size + 1);
	size_t have = 0;

	if (!buf)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	while (have < size) {
		la_ssize_t got = archive_read_data(a, buf + have, size - have);

		if (got <= 0)
			return err_set(e, ERR_INVALID, "%s",
				       got < 0 ? archive_error_string(a) : "ends early");
		have += (size_t)got;
	}
	buf[have] = '\0';
	*data = TAKE_PTR(buf);
	return 0;
}

static int add_deleted(struct state_snapshot *s, const char *text, struct err *e)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		struct state_file f = { .deleted = true, .path = strndup(text, len) };

		if (state_snapshot_add(s, &f, e) < 0)
			return -1;
		text += len + (text[len] == '\n');
	}
	return 0;
}

static int add_file(struct state_snapshot *s, struct archive_entry *entry, char *data, size_t size,
		    struct err *e)
{
	struct state_file f = {
		.mode = archive_entry_perm(entry),
		.uid = (uid_t)archive_entry_uid(entry),
		.gid = (gid_t)archive_entry_gid(entry),
		.mtime = archive_entry_mtime(entry),
		.data = data,
		.size = size,
	};

	if (!(f.mode & S_ISVTX)) {
		free(data);
		return err_set(e, ERR_INVALID, "%.200s is not a sticky regular file",
			       archive_entry_pathname(entry));
	}
	if (asprintf(&f.path, "/%s", archive_entry_pathname(entry)) < 0)
		f.path = NULL;
	return state_snapshot_add(s, &f, e);
}

static int one_entry(struct state_snapshot *s, struct archive *a, struct archive_entry *entry,
		     struct err *e)
{
	_cleanup_free_ char *data = NULL;
	size_t size;

	if (check_entry(entry, e) < 0)
		return -1;
	size = (size_t)archive_entry_size(entry);
	if (read_data(a, size, &data, e) < 0)
		return -1;
	if (strcmp(archive_entry_pathname(entry), STATE_DELETED_MEMBER) == 0)
		return add_deleted(s, data, e);
	return add_file(s, entry, TAKE_PTR(data), size, e);
}

static int read_all(struct state_snapshot *s, struct archive *a, struct err *e)
{
	struct archive_entry *entry;
	int rc;

	while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		if (archive_entry_filetype(entry) == AE_IFDIR)
			continue;
		if (one_entry(s, a, entry, e) < 0)
			return -1;
	}
	if (rc != ARCHIVE_EOF)
		return err_set(e, ERR_INVALID, "%s", archive_error_string(a));
	return 0;
}

int state_snapshot_unpack(struct state_snapshot *s, const char *name, const void *data, size_t len,
			  struct err *e)
{
	_cleanup_(end_reader) struct archive *a = archive_read_new();

	if (!a)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	archive_read_support_format_tar(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_zstd(a);
	if (archive_read_open_memory(a, data, len) != ARCHIVE_OK)
		return err_set(e, ERR_INVALID, "%s: %s", name, archive_error_string(a));
	if (read_all(s, a, e) == 0)
		return 0;
	state_snapshot_free(s);
	return err_wrap(e, "%s", name);
}
