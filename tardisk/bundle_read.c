// SPDX-License-Identifier: Apache-2.0
/*
 * Reads a bundle as a stream. libarchive takes the ar format apart; what it is
 * lenient about is checked here: only the plain headers that the writer makes
 * are taken, in one order, and the archive must end where its members end.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "cleanup.h"
#include "file.h"
#include "sha256.h"

#define BLOCK_SIZE (64u << 10)
#define AR_HEADER 60
#define AR_MODE 0100644

/*
 * libarchive holds the name table of an ar archive in memory, and the archive
 * says how large it is. Bundles have none, so a header never needs more than this.
 */
#define HEADER_BUDGET (4 * BLOCK_SIZE)

struct bundle {
	char *name;
	struct archive *archive;
	bundle_read_fn *read;
	void *context;
	int read_errno;
	uint64_t fed;	 /* bytes given to libarchive */
	uint64_t budget; /* up to where it may read now */
	uint64_t end;	 /* where the member at hand ends, its padding included */
	struct bundle_descriptor *descriptor;
	char *text;
	size_t text_len;
	char *signature;
	size_t signature_len;
	size_t next_payload;
	char block[BLOCK_SIZE];
};

static la_ssize_t feed(struct archive *a, void *context, const void **block)
{
	struct bundle *b = context;
	ssize_t n;

	*block = b->block;
	if (b->fed > b->budget) {
		archive_set_error(a, EFBIG, "a header is too large");
		return -1;
	}
	do {
		n = b->read(b->context, b->block, sizeof(b->block));
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		b->read_errno = errno ? errno : EIO;
		archive_set_error(a, b->read_errno, "read");
		return -1;
	}
	b->fed += (uint64_t)n;
	return n;
}

/* What libarchive found wrong: with the source, or with what came from it. */
static int archive_fail(struct bundle *b, const char *member, struct err *e)
{
	const char *text = archive_error_string(b->archive);

	if (b->read_errno)
		return err_sys(e, b->read_errno, "%.200s", b->name);
	return err_set(e, ERR_INVALID, "%.200s: %s: offset %" PRIu64 ": %.100s", b->name, member,
		       b->end, text ? text : "not an ar archive");
}

static int refuse(const struct bundle *b, const char *member, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, "%.200s: %s: offset %" PRIu64 ": %s", b->name, member,
		       b->end, what);
}

/* The header of the next member, which must be of that name and of at most max bytes. */
static int next_member(struct bundle *b, const char *wanted, uint64_t max, uint64_t *size,
		       struct err *e)
{
	struct archive_entry *entry;
	const char *name;
	int rc;

	b->budget = b->fed + HEADER_BUDGET;
	rc = archive_read_next_header(b->archive, &entry);
	if (rc == ARCHIVE_EOF)
		return refuse(b, wanted, "missing, the archive ends before it", e);
	if (rc != ARCHIVE_OK)
		return archive_fail(b, wanted, e);
	if ((uint64_t)archive_read_header_position(b->archive) != b->end)
		return refuse(b, wanted, "does not begin where the member before ends", e);
	name = archive_entry_pathname(entry);
	if (!name || strcmp(name, wanted))
		return err_set(e, ERR_INVALID,
			       "%.200s: offset %" PRIu64 ": expected member %s, found \"%.64s\"",
			       b->name, b->end, wanted, name ? name : "");
	if (archive_entry_mtime(entry) || archive_entry_uid(entry) || archive_entry_gid(entry) ||
	    archive_entry_mode(entry) != AR_MODE)
		return refuse(b, wanted, "time, owner or mode is not 0, 0 and 100644", e);
	if (archive_entry_size(entry) < 0 || (uint64_t)archive_entry_size(entry) > max)
		return refuse(b, wanted, "size is larger than allowed", e);
	*size = (uint64_t)archive_entry_size(entry);
	b->end += AR_HEADER + *size + (*size & 1);
	b->budget = UINT64_MAX;
	return 0;
}

/* A small member into memory, with a NUL behind it. */
static int read_member(struct bundle *b, const char *name, uint64_t max, char **out, size_t *len,
		       struct err *e)
{
	_cleanup_free_ char *text = NULL;
	uint64_t size, done = 0;

	if (next_member(b, name, max, &size, e))
		return -1;
	/* Grows with what really comes, not with what the header says. */
	while (done < size) {
		size_t part = size - done < BLOCK_SIZE ? size - done : BLOCK_SIZE;
		char *more = realloc(text, done + part + 1);
		la_ssize_t n;

		if (!more)
			return err_sys(e, ENOMEM, "%.200s: %s", b->name, name);
		text = more;
		n = archive_read_data(b->archive, text + done, part);
		if (n <= 0)
			return n ? archive_fail(b, name, e) : refuse(b, name, "cut short", e);
		done += (uint64_t)n;
	}
	if (!text && !(text = malloc(1)))
		return err_sys(e, ENOMEM, "%.200s: %s", b->name, name);
	text[done] = '\0';
	*len = done;
	*out = TAKE_PTR(text);
	return 0;
}

static int start(struct bundle *b, struct err *e)
{
	b->archive = archive_read_new();
	if (!b->archive || archive_read_support_format_ar(b->archive))
		return err_sys(e, ENOMEM, "%.200s", b->name);
	b->budget = HEADER_BUDGET;
	if (archive_read_open(b->archive, b, NULL, feed, NULL))
		return archive_fail(b, "archive", e);
	b->end = 8; /* "!<arch>\n" */
	if (read_member(b, BUNDLE_DESCRIPTOR_NAME, BUNDLE_DESCRIPTOR_MAX, &b->text, &b->text_len,
			e) ||
	    read_member(b, BUNDLE_SIGNATURE_NAME, BUNDLE_SIGNATURE_MAX, &b->signature,
			&b->signature_len, e))
		return -1;
	if (bundle_descriptor_parse(b->text, b->text_len, &b->descriptor, e))
		return err_wrap(e, "%.200s", b->name);
	return 0;
}

int bundle_open(struct bundle **out, const char *name, bundle_read_fn *read, void *context,
		struct err *e)
{
	struct bundle *b = calloc(1, sizeof(*b));

	if (!b || !(b->name = strdup(name))) {
		free(b);
		return err_sys(e, ENOMEM, "%.200s", name);
	}
	b->read = read;
	b->context = context;
	if (start(b, e)) {
		bundle_close(b);
		return -1;
	}
	*out = b;
	return 0;
}

static ssize_t read_fd(void *context, void *buf, size_t size)
{
	return read((int)(intptr_t)context, buf, size);
}

int bundle_open_fd(struct bundle **b, const char *name, int fd, struct err *e)
{
	return bundle_open(b, name, read_fd, (void *)(intptr_t)fd, e);
}

const struct bundle_descriptor *bundle_descriptor(const struct bundle *b)
{
	return b->descriptor;
}

const char *bundle_descriptor_text(const struct bundle *b, size_t *len)
{
	*len = b->text_len;
	return b->text;
}

const void *bundle_signature(const struct bundle *b, size_t *len)
{
	*len = b->signature_len;
	return b->signature;
}

static int copy_data(struct bundle *b, const struct bundle_payload *p, struct sha256 *sum, int fd,
		     struct err *e)
{
	_cleanup_free_ char *buf = malloc(BLOCK_SIZE);
	uint64_t done = 0;

	if (!buf)
		return err_sys(e, ENOMEM, "%.200s: %s", b->name, p->name);
	while (done < p->size) {
		la_ssize_t n = archive_read_data(b->archive, buf, BLOCK_SIZE);

		if (n <= 0)
			return n ? archive_fail(b, p->name, e) : refuse(b, p->name, "cut short", e);
		if (sha256_add(sum, buf, (size_t)n, e))
			return -1;
		if (fd >= 0 && fd_write_all(fd, buf, (size_t)n))
			return err_sys(e, errno, "copy of %s from %.200s", p->name, b->name);
		done += (uint64_t)n;
	}
	return 0;
}

static int copy_checked(struct bundle *b, const struct bundle_payload *p, int fd, struct err *e)
{
	struct sha256 sum = SHA256_INIT;
	char hex[SHA256_HEX] = "";
	int rc = sha256_start(&sum, e);

	if (!rc)
		rc = copy_data(b, p, &sum, fd, e);
	if (!rc)
		rc = sha256_end(&sum, hex, e);
	sha256_free(&sum);
	if (!rc && strcmp(hex, p->sha256))
		rc = err_set(e, ERR_INVALID, "%.200s: %s: sha256: is %s, the descriptor says %s",
			     b->name, p->name, hex, p->sha256);
	return rc;
}

int bundle_copy_payload(struct bundle *b, int fd, struct err *e)
{
	const struct bundle_payload *p;
	uint64_t size;

	if (b->next_payload >= b->descriptor->n_payloads)
		return err_set(e, ERR_SYSTEM, "%.200s: all payloads were copied before", b->name);
	p = &b->descriptor->payloads[b->next_payload++];
	if (next_member(b, p->name, UINT64_MAX, &size, e))
		return -1;
	if (size != p->size)
		return err_set(e, ERR_INVALID,
			       "%.200s: %s: size: is %" PRIu64 ", the descriptor says %" PRIu64,
			       b->name, p->name, size, p->size);
	return copy_checked(b, p, fd, e);
}

int bundle_finish(struct bundle *b, struct err *e)
{
	struct archive_entry *entry;
	int rc;

	if (b->next_payload != b->descriptor->n_payloads)
		return err_set(e, ERR_SYSTEM, "%.200s: not all payloads were copied", b->name);
	b->budget = b->fed + HEADER_BUDGET;
	rc = archive_read_next_header(b->archive, &entry);
	if (rc == ARCHIVE_OK)
		return err_set(e, ERR_INVALID,
			       "%.200s: offset %" PRIu64
			       ": member \"%.64s\" is not in the descriptor",
			       b->name, b->end, archive_entry_pathname(entry));
	if (rc != ARCHIVE_EOF)
		return archive_fail(b, "end", e);
	/* libarchive does not mind a few bytes more or a missing byte of padding. */
	if (b->fed != b->end)
		return err_set(e, ERR_INVALID,
			       "%.200s: end: offset %" PRIu64 ": the archive has %" PRIu64
			       " bytes, it should end here",
			       b->name, b->end, b->fed);
	return 0;
}

void bundle_close(struct bundle *b)
{
	if (!b)
		return;
	archive_read_free(b->archive);
	bundle_descriptor_free(b->descriptor);
	free(b->text);
	free(b->signature);
	free(b->name);
	free(b);
}
