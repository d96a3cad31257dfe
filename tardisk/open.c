// SPDX-License-Identifier: Apache-2.0
#include "open.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_getFrameHeader() */
#include <zstd.h>

#include "cleanup.h"
#include "sha256.h"

int tardisk_file_refuse(const struct tardisk_file *t, const struct tardisk_error *error,
			struct err *e)
{
	return err_set(e, ERR_INVALID, "%.300s: offset %" PRIu64 ": %s: %s", t->name, error->offset,
		       error->field, error->what);
}

static int refuse_frame(const struct tardisk_file *t, uint32_t n, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, "%.300s: offset %" PRIu64 ": frame %" PRIu32 ": %s", t->name,
		       t->frames[n].offset, n, what);
}

static int read_at(const struct tardisk_file *t, void *buf, size_t len, uint64_t pos, struct err *e)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(t->fd, (char *)buf + done, len - done, (off_t)(pos + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, errno, "%.300s", t->name);
		if (!n)
			return err_set(e, ERR_INVALID, "%.300s: offset %" PRIu64 ": cut short",
				       t->name, pos + done);
		done += (size_t)n;
	}
	return 0;
}

static int read_table(struct tardisk_file *t, struct tardisk_seek *seek, struct err *e)
{
	unsigned char footer[TARDISK_SEEK_FOOTER] = { 0 };
	struct tardisk_error error;
	uint32_t bytes, cursor = 0, n = 0;

	if (t->file_size >= sizeof(footer) &&
	    read_at(t, footer, sizeof(footer), t->file_size - sizeof(footer), e))
		return -1;
	if (tardisk_seek_size(footer, t->file_size, &bytes, &error))
		return tardisk_file_refuse(t, &error, e);
	t->table = malloc(bytes);
	t->frames = calloc(bytes / 8, sizeof(*t->frames));
	if (!t->table || !t->frames)
		return err_sys(e, ENOMEM, "%.300s", t->name);
	if (read_at(t, t->table, bytes, t->file_size - bytes, e))
		return -1;
	if (tardisk_seek_init(seek, t->table, bytes, t->file_size, &error))
		return tardisk_file_refuse(t, &error, e);
	/* Each record is walked with the one before it in place, as the walk wants it. */
	while (tardisk_seek_next(seek, &cursor, &t->frames[n])) {
		if (++n == seek->frames)
			break;
		t->frames[n] = t->frames[n - 1];
	}
	t->n_frames = n;
	return 0;
}

/* The rules of the format that zstd itself does not know. */
static const char *frame_fault(const unsigned char *packed, const struct tardisk_frame *frame,
			       uint32_t max)
{
	ZSTD_frameHeader header;

	if (ZSTD_getFrameHeader(&header, packed, frame->packed))
		return "is no zstd frame";
	if (header.frameType != ZSTD_frame || header.dictID)
		return "is no plain zstd frame";
	if (header.frameContentSize != frame->size)
		return "states another content size than the seek table";
	if (header.windowSize > max)
		return "has a window larger than a frame";
	if (!header.checksumFlag)
		return "has no checksum";
	if (ZSTD_findFrameCompressedSize(packed, frame->packed) != frame->packed)
		return "has another compressed size than in the seek table";
	return NULL;
}

int tardisk_file_frame(struct tardisk_file *t, uint32_t n, void *buf, struct err *e)
{
	const struct tardisk_frame *frame = &t->frames[n];
	_cleanup_free_ unsigned char *packed = malloc(frame->packed);
	unsigned char digest[TARDISK_DIGEST];
	const char *fault;
	size_t got;

	if (!packed)
		return err_sys(e, ENOMEM, "%.300s", t->name);
	if (read_at(t, packed, frame->packed, frame->offset, e))
		return -1;
	if (sha256_of(packed, frame->packed, digest))
		return err_set(e, ERR_SYSTEM, "SHA-256 is not available in this OpenSSL");
	if (memcmp(digest, t->digests.frame + n * TARDISK_DIGEST, TARDISK_DIGEST))
		return refuse_frame(t, n, "is damaged: it has another digest than is stated", e);
	fault = frame_fault(packed, frame, t->volume.frame);
	if (fault)
		return refuse_frame(t, n, fault, e);
	got = ZSTD_decompressDCtx(t->zstd, buf, frame->size, packed, frame->packed);
	if (ZSTD_isError(got))
		return refuse_frame(t, n, ZSTD_getErrorName(got), e);
	return got == frame->size ? 0 : refuse_frame(t, n, "has a wrong content size", e);
}

static int read_digests(struct tardisk_file *t, const struct tardisk_seek *seek, struct err *e)
{
	unsigned char root[TARDISK_DIGEST];
	struct tardisk_error error;

	t->list = malloc(seek->digests);
	if (!t->list)
		return err_sys(e, ENOMEM, "%.300s", t->name);
	if (read_at(t, t->list, seek->digests, seek->packed, e))
		return -1;
	if (tardisk_digests_init(&t->digests, t->list, seek, &error))
		return tardisk_file_refuse(t, &error, e);
	if (sha256_of(t->digests.covered, t->digests.covered_len, root))
		return err_set(e, ERR_SYSTEM, "SHA-256 is not available in this OpenSSL");
	error = (struct tardisk_error){ seek->packed, "digest list",
					"is damaged: it has another root hash than it states" };
	if (memcmp(root, t->digests.root, sizeof(root)))
		return tardisk_file_refuse(t, &error, e);
	sha256_text(root, t->root_hash);
	return 0;
}

/* The first frame is unpacked aside: it tells what the others, and it too, must be. */
static int read_volume(struct tardisk_file *t, const struct tardisk_seek *seek, struct err *e)
{
	_cleanup_free_ unsigned char *first = malloc(t->frames[0].size);
	struct tardisk_error error;

	t->volume.frame = TARDISK_FRAME;
	if (!first)
		return err_sys(e, ENOMEM, "%.300s", t->name);
	if (tardisk_file_frame(t, 0, first, e))
		return -1;
	if (tardisk_read_volume(first, t->frames[0].size, &t->volume, &error) ||
	    tardisk_seek_match(seek, &t->volume, &t->header_frames, &error) ||
	    tardisk_digests_match(&t->digests, seek, &t->volume, &error))
		return tardisk_file_refuse(t, &error, e);
	return 0;
}

static int read_headers(struct tardisk_file *t, const struct tardisk_seek *seek, struct err *e)
{
	if (read_volume(t, seek, e))
		return -1;
	t->headers = malloc(t->volume.headers);
	if (!t->headers)
		return err_sys(e, ENOMEM, "%.300s", t->name);
	for (uint32_t n = 0; n < t->header_frames; n++)
		if (tardisk_file_frame(t, n, t->headers + (size_t)n * t->volume.frame, e))
			return -1;
	return 0;
}

int tardisk_file_open(struct tardisk_file *t, const char *name, int fd, struct err *e)
{
	struct tardisk_seek seek;
	struct stat st;

	memset(t, 0, sizeof(*t));
	t->fd = fd;
	t->name = strdup(name);
	t->zstd = ZSTD_createDCtx();
	if (!t->name || !t->zstd) {
		tardisk_file_close(t);
		return err_sys(e, ENOMEM, "%.300s", name);
	}
	if (fstat(fd, &st)) {
		tardisk_file_close(t);
		return err_sys(e, errno, "%.300s", name);
	}
	t->file_size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	if (read_table(t, &seek, e) || read_digests(t, &seek, e) || read_headers(t, &seek, e)) {
		tardisk_file_close(t);
		return -1;
	}
	return 0;
}

int tardisk_file_data(struct tardisk_file *t, struct tardisk_cursor *c, uint64_t offset,
		      uint64_t len, const unsigned char **data, struct err *e)
{
	uint64_t in_area = offset - t->volume.headers;
	uint32_t n = t->header_frames + (uint32_t)(in_area / t->volume.frame);
	uint32_t at = (uint32_t)(in_area % t->volume.frame);
	uint32_t left;

	if (!c->frame)
		c->frame = malloc(t->volume.frame);
	if (!c->frame)
		return err_sys(e, ENOMEM, "%.300s", t->name);
	if (c->n != n && tardisk_file_frame(t, n, c->frame, e))
		return -1;
	c->n = n;
	left = t->frames[n].size - at;
	*data = c->frame + at;
	return (int)(len < left ? len : left);
}

void tardisk_file_close(struct tardisk_file *t)
{
	free(t->name);
	free(t->headers);
	free(t->table);
	free(t->frames);
	free(t->list);
	ZSTD_freeDCtx(t->zstd);
	memset(t, 0, sizeof(*t));
}
