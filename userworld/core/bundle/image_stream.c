// SPDX-License-Identifier: Apache-2.0
/* The file's bytes. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"
#include "install.h"
#include "cleanup.h"
#include "userworld/core/internal.h"

#define STEP 65536u

struct stream {
	struct archive *a;
	bundle_write_fn *write;
	void *context;
	bool failed; /* write did, and said e */
	struct err e;
	unsigned int inode;
	char buf[STEP];
};

/* libarchive does not free all that it has after a write that failed: it is not told. */
static la_ssize_t pass_on(struct archive *a, void *context, const void *data, size_t len)
{
	struct stream *s = context;

	(void)a;
	if (!s->failed)
		s->failed = s->write(s->context, data, len, &s->e) < 0;
	return (la_ssize_t)len;
}

static int fail(const struct stream *s, const char *what, struct err *e)
{
	if (s->failed) {
		if (e)
			*e = s->e;
		return -1;
	}
	return err_set(e, ERR_SYSTEM, "%s in " BUNDLE_IMAGE_FILE ": %s", what,
		       archive_error_string(s->a));
}

static int put_header(struct stream *s, const char *path, mode_t mode, uint64_t size, struct err *e)
{
	struct archive_entry *entry = archive_entry_new();
	int rc;

	if (!entry)
		return core_nomem(e);
	archive_entry_set_pathname(entry, path);
	archive_entry_set_mode(entry, mode);
	archive_entry_set_nlink(entry, 1);
	archive_entry_set_ino(entry, ++s->inode);
	archive_entry_set_mtime(entry, 0, 0);
	archive_entry_set_size(entry, (la_int64_t)size);
	rc = archive_write_header(s->a, entry);
	archive_entry_free(entry);
	return rc == ARCHIVE_OK && !s->failed ? 0 : fail(s, path, e);
}

static int put_data(struct stream *s, const char *path, const void *data, size_t len, struct err *e)
{
	bool done = archive_write_data(s->a, data, len) == (la_ssize_t)len;

	return done && !s->failed ? 0 : fail(s, path, e);
}

static int put_text(struct stream *s, const char *path, const char *text, struct err *e)
{
	size_t len = strlen(text);

	return put_header(s, path, S_IFREG | 0600, len, e) < 0 ? -1
							       : put_data(s, path, text, len, e);
}

static int put_payload(struct stream *s, const struct bundle_image *m, const char *tardisk,
		       struct err *e)
{
	_cleanup_close_ int fd = bundle_image_open(m, tardisk, e);
	char path[32 + VISORFS_NAME_MAX];
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "tardisks/%s", tardisk);
	if (fstat(fd, &st) < 0)
		return err_sys(e, errno, "%s", path);
	if (put_header(s, path, S_IFREG | 0400, (uint64_t)st.st_size, e) < 0)
		return -1;
	while ((n = read(fd, s->buf, STEP)) > 0)
		if (put_data(s, path, s->buf, (size_t)n, e) < 0)
			return -1;
	return n < 0 ? err_sys(e, errno, "%s", path) : 0;
}

static int put_order(struct stream *s, const struct bundle_image *m, struct err *e)
{
	_cleanup_free_ char *text = calloc(m->n_tardisks + 1, VISORFS_NAME_MAX + 2);
	char *end = text;

	if (!text)
		return core_nomem(e);
	for (size_t i = 0; i < m->n_tardisks; i++)
		end += sprintf(end, "%s\n", m->tardisks[i].name);
	return put_text(s, "bundles/order", text, e);
}

static int put_record(struct stream *s, const struct bundle_record *r, struct err *e)
{
	char path[sizeof("bundles/.json") + BUNDLE_NAME_MAX];
	_cleanup_free_ char *text = NULL;

	snprintf(path, sizeof(path), "bundles/%s.json", r->d->name);
	return bundle_record_format(r, &text, e) < 0 ? -1 : put_text(s, path, text, e);
}

static int put_records(struct stream *s, const struct bundle_image *m, struct err *e)
{
	for (size_t i = 0; i < m->set.n; i++)
		if (m->in[i] && put_record(s, &m->set.items[i], e) < 0)
			return -1;
	for (size_t i = 0; m->more && i < m->more->n; i++)
		if (put_record(s, &m->more->items[i].record, e) < 0)
			return -1;
	return 0;
}

static int put_all(struct stream *s, const struct bundle_image *m, struct err *e)
{
	/* The kernel makes no folders for what is in them. */
	if (put_header(s, "bundles", S_IFDIR | 0700, 0, e) < 0 || put_order(s, m, e) < 0 ||
	    put_records(s, m, e) < 0)
		return -1;
	for (size_t i = 0; i < m->n_tardisks; i++)
		if (put_payload(s, m, m->tardisks[i].name, e) < 0)
			return -1;
	return archive_write_close(s->a) == ARCHIVE_OK && !s->failed ? 0 : fail(s, "end", e);
}

int bundle_image_stream(const struct bundle_image *m, bundle_write_fn *write, void *context,
			struct err *e)
{
	_cleanup_free_ struct stream *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return core_nomem(e);
	s->write = write;
	s->context = context;
	s->a = archive_write_new();
	if (!s->a)
		return core_nomem(e);
	if (archive_write_set_format_cpio_newc(s->a) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(s->a, 0) != ARCHIVE_OK ||
	    archive_write_open(s->a, s, NULL, pass_on, NULL) != ARCHIVE_OK)
		rc = fail(s, "format", e);
	else
		rc = put_all(s, m, e);
	archive_write_free(s->a);
	return rc;
}

static int add(void *context, const void *data, size_t len, struct err *e)
{
	return bank_write_add(context, data, len, e);
}

int bundle_image_write(const struct bundle_image *m, struct bank_write *w, struct err *e)
{
	return m->size ? bundle_image_stream(m, add, w, e) : 0;
}
