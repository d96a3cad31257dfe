// SPDX-License-Identifier: Apache-2.0
#include "tgz.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"

#define NAME_MAX_LEN 512

struct tgz {
	struct archive *a;
	int fd;
	const char *top;
	uint64_t content, written;
	char name[NAME_MAX_LEN]; /* of what is spooled */
	int parts;
	size_t len;
	char spool[TGZ_SPOOL];
};

static la_ssize_t pass_on(struct archive *a, void *context, const void *data, size_t len)
{
	struct tgz *t = context;

	if (fd_write_all(t->fd, data, len) < 0) {
		archive_set_error(a, errno, "%s", strerror(errno));
		return -1;
	}
	t->written += len;
	return (la_ssize_t)len;
}

static int fail(const struct tgz *t, struct err *e)
{
	const char *why = archive_error_string(t->a);

	return err_set(e, archive_errno(t->a) == ENOSPC ? ERR_NO_SPACE : ERR_SYSTEM,
		       "writing the support bundle: %s", why ? why : "out of memory");
}

struct tgz *tgz_open(int fd, const char *top, struct err *e)
{
	struct tgz *t = calloc(1, sizeof(*t));

	if (!t || !(t->a = archive_write_new())) {
		free(t);
		err_set(e, ERR_NO_SPACE, "out of memory");
		return NULL;
	}
	t->fd = fd;
	t->top = top;
	if (archive_write_add_filter_gzip(t->a) != ARCHIVE_OK ||
	    archive_write_set_format_gnutar(t->a) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(t->a, 1) != ARCHIVE_OK ||
	    archive_write_open(t->a, t, NULL, pass_on, NULL) != ARCHIVE_OK) {
		fail(t, e);
		tgz_free(t);
		return NULL;
	}
	return t;
}

int tgz_begin(struct tgz *t, const char *name, uint64_t size, time_t modified, struct err *e)
{
	struct archive_entry *entry = archive_entry_new();
	char path[2 * NAME_MAX_LEN];
	int rc;

	if (!entry)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	snprintf(path, sizeof(path), "%s/%s", t->top, name + (*name == '/'));
	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, S_IFREG);
	archive_entry_set_perm(entry, 0600);
	archive_entry_set_size(entry, (la_int64_t)size);
	archive_entry_set_mtime(entry, modified, 0);
	rc = archive_write_header(t->a, entry);
	archive_entry_free(entry);
	t->content += size;
	return rc == ARCHIVE_OK ? 0 : fail(t, e);
}

int tgz_data(struct tgz *t, const char *data, size_t len, struct err *e)
{
	return archive_write_data(t->a, data, len) < 0 ? fail(t, e) : 0;
}

int tgz_spool(struct tgz *t, const char *name, struct err *e)
{
	if (strlen(name) + sizeof(".999") > sizeof(t->name))
		return err_set(e, ERR_INVALID, "%.64s...: the name is too long", name);
	strcpy(t->name, name);
	t->parts = 0;
	t->len = 0;
	return 0;
}

static int end_part(struct tgz *t, struct err *e)
{
	char name[NAME_MAX_LEN + 16];

	if (t->parts)
		snprintf(name, sizeof(name), "%s.%03d", t->name, t->parts);
	else
		strcpy(name, t->name);
	if (tgz_begin(t, name, t->len, time(NULL), e) < 0 || tgz_data(t, t->spool, t->len, e) < 0)
		return -1;
	t->parts++;
	t->len = 0;
	return 0;
}

int tgz_spool_data(struct tgz *t, const char *data, size_t len, struct err *e)
{
	while (len > 0) {
		size_t n = sizeof(t->spool) - t->len < len ? sizeof(t->spool) - t->len : len;

		if (n == 0 && end_part(t, e) < 0)
			return -1;
		memcpy(t->spool + t->len, data, n);
		t->len += n;
		data += n;
		len -= n;
	}
	return 0;
}

int tgz_spool_end(struct tgz *t, struct err *e)
{
	if ((t->len || !t->parts) && end_part(t, e) < 0)
		return -1;
	return t->parts;
}

int tgz_close(struct tgz *t, struct err *e)
{
	return archive_write_close(t->a) == ARCHIVE_OK ? 0 : fail(t, e);
}

void tgz_free(struct tgz *t)
{
	if (!t)
		return;
	/* What is not closed must not be made whole. */
	archive_write_fail(t->a);
	archive_write_free(t->a);
	free(t);
}

uint64_t tgz_content(const struct tgz *t)
{
	return t->content;
}

uint64_t tgz_written(const struct tgz *t)
{
	return t->written;
}
