// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "cleanup.h"
#include "file.h"
#include "sha256.h"

#define CHUNK (64u << 10)

struct sink {
	struct archive *archive;
	int fd;
};

static la_ssize_t put(struct archive *a, void *context, const void *data, size_t len)
{
	const struct sink *sink = context;

	if (!fd_write_all(sink->fd, data, len))
		return (la_ssize_t)len;
	archive_set_error(a, errno, "write");
	return -1;
}

static int archive_fail(const struct sink *sink, const char *member, struct err *e)
{
	int num = archive_errno(sink->archive);

	return err_sys(e, num > 0 ? num : EIO, "bundle: %s", member);
}

/* Time, owner and mode are the same for all, so that bundles differ only by content. */
static int begin_member(const struct sink *sink, const char *name, uint64_t size, struct err *e)
{
	struct archive_entry *entry = archive_entry_new();
	int rc;

	if (!entry)
		return err_sys(e, ENOMEM, "bundle: %s", name);
	archive_entry_set_pathname(entry, name);
	archive_entry_set_size(entry, (la_int64_t)size);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, 0, 0);
	rc = archive_write_header(sink->archive, entry);
	archive_entry_free(entry);
	return rc == ARCHIVE_OK ? 0 : archive_fail(sink, name, e);
}

static int put_data(const struct sink *sink, const char *name, const void *data, size_t len,
		    struct err *e)
{
	if (len && archive_write_data(sink->archive, data, len) != (la_ssize_t)len)
		return archive_fail(sink, name, e);
	return 0;
}

static int put_member(const struct sink *sink, const char *name, const void *data, size_t len,
		      struct err *e)
{
	if (begin_member(sink, name, len, e))
		return -1;
	return put_data(sink, name, data, len, e);
}

/* What is written is what was described: a file that changed since is noticed here. */
static int check_payload(const struct bundle_payload *p, int fd, struct err *e)
{
	char hex[SHA256_HEX];
	unsigned long long size;

	if (sha256_file(fd, p->name, &size, hex, e))
		return -1;
	if (size != p->size || strcmp(hex, p->sha256))
		return err_set(e, ERR_CONFLICT, "%s: size or digest differs from the descriptor",
			       p->name);
	return 0;
}

static int put_payload(const struct sink *sink, const struct bundle_payload *p, int fd,
		       struct err *e)
{
	_cleanup_free_ char *buf = malloc(CHUNK);
	uint64_t done = 0;

	if (!buf)
		return err_sys(e, ENOMEM, "%s", p->name);
	if (check_payload(p, fd, e) || begin_member(sink, p->name, p->size, e))
		return -1;
	while (done < p->size) {
		size_t part = p->size - done < CHUNK ? p->size - done : CHUNK;
		ssize_t n = pread(fd, buf, part, (off_t)done);

		if (n <= 0)
			return n ? err_sys(e, errno, "%s", p->name)
				 : err_set(e, ERR_CONFLICT, "%s: became shorter", p->name);
		if (put_data(sink, p->name, buf, (size_t)n, e))
			return -1;
		done += (uint64_t)n;
	}
	return 0;
}

static int put_all(const struct sink *sink, const struct bundle_parts *p, struct err *e)
{
	if (put_member(sink, BUNDLE_DESCRIPTOR_NAME, p->text, p->text_len, e) ||
	    put_member(sink, BUNDLE_SIGNATURE_NAME, p->sig, p->sig_len, e))
		return -1;
	for (size_t i = 0; i < p->d->n_payloads; i++)
		if (put_payload(sink, &p->d->payloads[i], p->fds[i], e))
			return -1;
	if (!p->manifests_len)
		return 0;
	return put_member(sink, BUNDLE_MANIFESTS_NAME, p->manifests, p->manifests_len, e);
}

int bundle_write(int fd, const struct bundle_parts *p, struct err *e)
{
	struct sink sink = { archive_write_new(), fd };
	int rc;

	if (!sink.archive)
		return err_sys(e, ENOMEM, "bundle");
	archive_write_set_format_ar_bsd(sink.archive);
	archive_write_set_bytes_in_last_block(sink.archive, 1);
	if (archive_write_open(sink.archive, &sink, NULL, put, NULL))
		rc = archive_fail(&sink, "archive", e);
	else
		rc = put_all(&sink, p, e);
	if (!rc && archive_write_close(sink.archive))
		rc = archive_fail(&sink, "archive", e);
	if (rc)
		archive_write_fail(sink.archive);
	archive_write_free(sink.archive);
	return rc;
}
