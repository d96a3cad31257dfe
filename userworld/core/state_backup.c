// SPDX-License-Identifier: Apache-2.0
/* Writing the state archive. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"
#include "internal.h"
#include "state.h"

struct writer {
	struct archive *archive;
	const char *path;
	int count;
};

static void end_writer(struct archive **a)
{
	archive_write_free(*a);
}

static void end_entry(struct archive_entry **entry)
{
	archive_entry_free(*entry);
}

static int archive_fail(struct err *e, const char *path, struct archive *a)
{
	int num = archive_errno(a);

	return err_set(e, num == ENOSPC || num == ENOMEM ? ERR_NO_SPACE : ERR_SYSTEM, "%s: %s",
		       path, archive_error_string(a));
}

static int add_file(void *context, const char *path, bool deleted, struct err *e)
{
	_cleanup_(end_entry) struct archive_entry *entry = NULL;
	_cleanup_free_ char *data = NULL;
	struct writer *w = context;
	char full[CORE_PATH_MAX];
	struct err missing = ERR_INIT;
	struct stat st;
	size_t len;

	if (deleted)
		return 0;
	if (core_path(full, e, CORE_ROOT, "%s", path) < 0)
		return -1;
	if (lstat(full, &st) < 0 || file_read(full, STATE_FILE_MAX, &data, &len, &missing) < 0) {
		if (errno == ENOENT || missing.kind == ERR_NOT_FOUND)
			return 0; /* deleted since visorfs told us */
		return err_set(e, ERR_SYSTEM, "%s: cannot be read", full);
	}
	entry = archive_entry_new();
	if (!entry)
		return core_nomem(e);
	archive_entry_copy_stat(entry, &st);
	archive_entry_set_size(entry, (la_int64_t)len); /* it may have changed since lstat() */
	archive_entry_set_pathname(entry, path + strspn(path, "/"));
	if (archive_write_header(w->archive, entry) != ARCHIVE_OK ||
	    (len > 0 && archive_write_data(w->archive, data, len) < 0))
		return archive_fail(e, w->path, w->archive);
	w->count++;
	return 0;
}

static int write_archive(int fd, struct writer *w, struct err *e)
{
	_cleanup_(end_writer) struct archive *a = archive_write_new();

	if (!a)
		return core_nomem(e);
	if (archive_write_set_format_gnutar(a) != ARCHIVE_OK ||
	    archive_write_add_filter_gzip(a) != ARCHIVE_OK ||
	    archive_write_open_fd(a, fd) != ARCHIVE_OK)
		return archive_fail(e, w->path, a);
	w->archive = a;
	if (state_each(add_file, w, e) < 0)
		return -1;
	if (archive_write_close(a) != ARCHIVE_OK)
		return archive_fail(e, w->path, a);
	return fsync(fd) < 0 ? err_sys(e, errno, "%s: fsync", w->path) : 0;
}

int state_backup(const char *path, struct err *e)
{
	_cleanup_close_ int fd = -1;
	struct writer w = { .path = path };
	char temp[CORE_PATH_MAX];
	int len;

	len = snprintf(temp, sizeof(temp), "%s.tmp", path);
	if (len < 0 || (size_t)len >= sizeof(temp))
		return err_set(e, ERR_INVALID, "%.64s...: path too long", path);
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_sys(e, errno, "%s", temp);
	if (write_archive(fd, &w, e) < 0) {
		unlink(temp);
		return -1;
	}
	if (rename(temp, path) < 0) {
		err_sys(e, errno, "%s: rename", path);
		unlink(temp);
		return -1;
	}
	return w.count;
}
