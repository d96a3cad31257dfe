// SPDX-License-Identifier: Apache-2.0
/*
 * Reads a bundle as a stream. libarchive takes the ar format apart; what it is
 * lenient about is checked here. It is fed no further than the header of the
 * next member, and each header must be byte for byte the one that the writer
 * makes: so there are no extended names, whose table could have any size.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "bundle_manifests.h"
#include "cleanup.h"
#include "file.h"
#include "sha256.h"

#define BLOCK_SIZE (64u << 10)
#define AR_HEADER 60

struct bundle {
	char *name;
	struct archive *archive;
	bundle_read_fn *read;
	void *context;
	int read_errno;
	uint64_t fed;		/* bytes given to libarchive */
	uint64_t end;		/* where the member at hand ends, its padding included */
	char header[AR_HEADER]; /* what follows there */
	bool overlong;		/* libarchive took it for more than a plain header */
	struct bundle_descriptor *descriptor;
	char *text;
	size_t text_len;
	char *signature;
	size_t signature_len;
	size_t next_payload;
	char *manifests;
	size_t manifests_len;
	char block[BLOCK_SIZE];
};

static la_ssize_t feed(struct archive *a, void *context, const void **block)
{
	struct bundle *b = context;
	size_t in_header = b->fed > b->end ? b->fed - b->end : 0;
	size_t want = b->fed < b->end ? b->end - b->fed : AR_HEADER - in_header;
	ssize_t n;

	*block = b->block;
	/* The header is complete and libarchive wants more: it is not a plain one. */
	if (!want) {
		b->overlong = true;
		return 0;
	}
	if (want > sizeof(b->block))
		want = sizeof(b->block);
	do {
		n = b->read(b->context, b->block, want);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		b->read_errno = errno ? errno : EIO;
		archive_set_error(a, b->read_errno, "read");
		return -1;
	}
	if (b->fed >= b->end)
		memcpy(b->header + in_header, b->block, (size_t)n);
	b->fed += (uint64_t)n;
	return n;
}

/* What libarchive found wrong: with the source, or with what came from it. */
static int archive_fail(struct bundle *b, const char *member, uint64_t at, struct err *e)
{
	const char *text = archive_error_string(b->archive);

	if (b->read_errno)
		return err_sys(e, b->read_errno, "%.200s", b->name);
	return err_set(e, ERR_INVALID, "%.200s: %s: offset %" PRIu64 ": %.100s", b->name, member,
		       at, text ? text : "damaged or no ar archive");
}

static int refuse(const struct bundle *b, const char *member, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, "%.200s: %s: offset %" PRIu64 ": %s", b->name, member,
		       b->end, what);
}

/* Nothing but name and size differs from one header to the other. */
static bool header_is_plain(const struct bundle *b, const char *name, uint64_t size)
{
	char text[AR_HEADER + 32];

	snprintf(text, sizeof(text), "%-16s%-12d%-6d%-6d%-8s%-10" PRIu64 "`\n", name, 0, 0, 0,
		 "100644", size);
	return !memcmp(text, b->header, AR_HEADER);
}

/* What libarchive read as a header (with rc) must be of that name and of at most max bytes. */
static int take_member(struct bundle *b, struct archive_entry *entry, int rc, const char *wanted,
		       uint64_t max, uint64_t *size, struct err *e)
{
	const char *name;

	if (b->overlong)
		return refuse(b, wanted, "its header has an extended name", e);
	if (b->read_errno || (rc != ARCHIVE_OK && rc != ARCHIVE_EOF))
		return archive_fail(b, wanted, b->end, e);
	if (b->fed <= b->end)
		return refuse(b, wanted, "missing, the archive ends before it", e);
	if (rc == ARCHIVE_EOF || b->fed != b->end + AR_HEADER)
		return refuse(b, wanted, "its header is cut short", e);
	name = archive_entry_pathname(entry);
	if (!name || strcmp(name, wanted))
		return err_set(e, ERR_INVALID,
			       "%.200s: offset %" PRIu64 ": expected member %s, found \"%.64s\"",
			       b->name, b->end, wanted, name ? name : "");
	*size = (uint64_t)archive_entry_size(entry);
	if (archive_entry_size(entry) < 0 || *size > max)
		return refuse(b, wanted, "size is larger than allowed", e);
	if (!header_is_plain(b, wanted, *size))
		return refuse(b, wanted, "header is not in the form that bundles have", e);
	b->end += AR_HEADER + *size + (*size & 1);
	return 0;
}

static int next_member(struct bundle *b, const char *wanted, uint64_t max, uint64_t *size,
		       struct err *e)
{
	struct archive_entry *entry;
	int rc = archive_read_next_header(b->archive, &entry);

	return take_member(b, entry, rc, wanted, max, size, e);
}

/* The content of a small member into memory, with a NUL behind it. */
static int read_text(struct bundle *b, const char *name, uint64_t size, char **out, size_t *len,
		     struct err *e)
{
	_cleanup_free_ char *text = NULL;
	uint64_t done = 0;

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
			return archive_fail(b, name, b->fed, e);
		done += (uint64_t)n;
	}
	if (!text && !(text = malloc(1)))
		return err_sys(e, ENOMEM, "%.200s: %s", b->name, name);
	text[done] = '\0';
	*len = done;
	*out = TAKE_PTR(text);
	return 0;
}

static int read_member(struct bundle *b, const char *name, uint64_t max, char **out, size_t *len,
		       struct err *e)
{
	uint64_t size;

	return next_member(b, name, max, &size, e) ? -1 : read_text(b, name, size, out, len, e);
}

static int start(struct bundle *b, struct err *e)
{
	b->archive = archive_read_new();
	if (!b->archive || archive_read_support_format_ar(b->archive))
		return err_sys(e, ENOMEM, "%.200s", b->name);
	b->end = 8; /* "!<arch>\n" */
	if (archive_read_open(b->archive, b, NULL, feed, NULL))
		return archive_fail(b, "archive", 0, e);
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

/* Where the bytes of a payload go. */
struct target {
	bundle_write_fn *write; /* NULL: nowhere */
	void *context;
};

static int copy_data(struct bundle *b, const struct bundle_payload *p, struct sha256 *sum,
		     const struct target *to, struct err *e)
{
	_cleanup_free_ char *buf = malloc(BLOCK_SIZE);
	uint64_t done = 0;

	if (!buf)
		return err_sys(e, ENOMEM, "%.200s: %s", b->name, p->name);
	while (done < p->size) {
		la_ssize_t n = archive_read_data(b->archive, buf, BLOCK_SIZE);

		if (n <= 0)
			return archive_fail(b, p->name, b->fed, e);
		if (sha256_add(sum, buf, (size_t)n, e))
			return -1;
		if (to->write && to->write(to->context, buf, (size_t)n, e))
			return err_wrap(e, "copy of %s from %.150s", p->name, b->name);
		done += (uint64_t)n;
	}
	return 0;
}

static int copy_checked(struct bundle *b, const struct bundle_payload *p, const struct target *to,
			struct err *e)
{
	struct sha256 sum = SHA256_INIT;
	char hex[SHA256_HEX] = "";
	int rc = sha256_start(&sum, e);

	if (!rc)
		rc = copy_data(b, p, &sum, to, e);
	if (!rc)
		rc = sha256_end(&sum, hex, e);
	sha256_free(&sum);
	if (!rc && strcmp(hex, p->sha256))
		rc = err_set(e, ERR_INVALID, "%.200s: %s: sha256: is %s, the descriptor says %s",
			     b->name, p->name, hex, p->sha256);
	return rc;
}

int bundle_stream_payload(struct bundle *b, bundle_write_fn *write, void *context, struct err *e)
{
	const struct target to = { write, context };
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
	return copy_checked(b, p, &to, e);
}

static int write_fd(void *context, const void *data, size_t len, struct err *e)
{
	return fd_write_all((int)(intptr_t)context, data, len) ? err_sys(e, errno, "write") : 0;
}

int bundle_copy_payload(struct bundle *b, int fd, struct err *e)
{
	return bundle_stream_payload(b, fd < 0 ? NULL : write_fd, (void *)(intptr_t)fd, e);
}

static int read_manifests(struct bundle *b, struct archive_entry *entry, struct err *e)
{
	const struct bundle_descriptor *d = b->descriptor;
	uint64_t size;

	if (take_member(b, entry, ARCHIVE_OK, BUNDLE_MANIFESTS_NAME,
			d->n_payloads * TARDISK_SIGNED_MAX, &size, e) ||
	    read_text(b, BUNDLE_MANIFESTS_NAME, size, &b->manifests, &b->manifests_len, e))
		return -1;
	return bundle_manifests_check(b->manifests, b->manifests_len, b->name, d, e);
}

/* What may follow the payloads: manifests, then nothing. */
static int read_rest(struct bundle *b, struct err *e)
{
	struct archive_entry *entry;
	int rc = archive_read_next_header(b->archive, &entry);

	if (rc == ARCHIVE_OK && !b->overlong && b->descriptor->n_payloads &&
	    !strcmp(archive_entry_pathname(entry), BUNDLE_MANIFESTS_NAME)) {
		if (read_manifests(b, entry, e))
			return -1;
		rc = archive_read_next_header(b->archive, &entry);
	}
	if (b->read_errno || (rc != ARCHIVE_OK && rc != ARCHIVE_EOF))
		return archive_fail(b, "end", b->end, e);
	if (rc == ARCHIVE_OK)
		return err_set(e, ERR_INVALID,
			       "%.200s: offset %" PRIu64
			       ": member \"%.64s\" is not in the descriptor",
			       b->name, b->end, archive_entry_pathname(entry));
	return 0;
}

int bundle_finish(struct bundle *b, struct err *e)
{
	if (b->next_payload != b->descriptor->n_payloads)
		return err_set(e, ERR_SYSTEM, "%.200s: not all payloads were copied", b->name);
	if (read_rest(b, e))
		return -1;
	/* libarchive does not mind a few bytes more or a missing byte of padding. */
	if (b->fed != b->end)
		return refuse(b, "end", "the archive does not end here, as it should", e);
	return 0;
}

const void *bundle_manifest(const struct bundle *b, size_t i, size_t *len)
{
	*len = 0;
	if (!b->manifests || i >= b->descriptor->n_payloads)
		return NULL;
	return bundle_manifests_item(b->manifests, b->manifests_len, i, len);
}

const void *bundle_manifests(const struct bundle *b, size_t *len)
{
	*len = b->manifests_len;
	return b->manifests;
}

void bundle_close(struct bundle *b)
{
	if (!b)
		return;
	archive_read_free(b->archive);
	bundle_descriptor_free(b->descriptor);
	free(b->text);
	free(b->signature);
	free(b->manifests);
	free(b->name);
	free(b);
}
