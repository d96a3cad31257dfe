// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The seek table at the end of a tardisk: zstd's seekable format, without
 * checksums. Offsets in errors are bytes of the file.
 */
#include "tar.h"
#include "le.h"

#define SKIPPABLE_MAGIC 0x184D2A5Eu
#define SEEKABLE_MAGIC 0x8F92EAB1u
#define SKIPPABLE_HEADER 8u /* magic and size of the skippable frame */
#define RECORD 8u	    /* compressed size and content size */

static int refuse(struct tardisk_error *error, uint64_t offset, const char *what)
{
	error->offset = offset;
	error->field = "seek table";
	error->what = what;
	return -1;
}

int tardisk_seek_size(const void *footer, uint64_t file_size, uint32_t *bytes,
		      struct tardisk_error *error)
{
	const unsigned char *p = footer;
	uint64_t at = file_size - TARDISK_SEEK_FOOTER;
	uint32_t frames = le_get32(p);

	if (file_size < SKIPPABLE_HEADER + RECORD + TARDISK_SEEK_FOOTER)
		return refuse(error, 0, "is missing, the file is too short");
	if (le_get32(p + 5) != SEEKABLE_MAGIC)
		return refuse(error, at + 5, "is missing, the file is cut or no tardisk");
	if (p[4])
		return refuse(error, at + 4, "has a descriptor other than 0");
	if (!frames || frames > TARDISK_MAX_FRAMES)
		return refuse(error, at, "has a frame count out of range");
	*bytes = SKIPPABLE_HEADER + frames * RECORD + TARDISK_SEEK_FOOTER;
	if (*bytes >= file_size)
		return refuse(error, at, "has more frames than the file can hold");
	return 0;
}

/*
 * Every record by itself, and the sums of both columns. What lies between the
 * frames and the table is the digest list, which has a digest for each frame.
 */
static int check_records(struct tardisk_seek *seek, uint64_t file_size, struct tardisk_error *error)
{
	uint64_t min =
		TARDISK_DIGESTS_WRAP + TARDISK_DIGESTS_HEADER + (seek->frames + 1) * TARDISK_DIGEST;
	uint64_t at = file_size - seek->bytes + SKIPPABLE_HEADER;
	struct tardisk_frame frame = { 0 };
	uint64_t content = 0;
	uint32_t cursor = 0;

	while (tardisk_seek_next(seek, &cursor, &frame)) {
		if (!frame.size || frame.size > TARDISK_FRAME)
			return refuse(error, at, "has a content size out of range");
		if (!frame.packed || frame.packed > TARDISK_MAX_PACKED)
			return refuse(error, at, "has a compressed size out of range");
		content += frame.size;
		at += RECORD;
	}
	if (content > TARDISK_MAX_SIZE)
		return refuse(error, at, "states more content than a tardisk may have");
	seek->packed = frame.offset + frame.packed;
	if (seek->packed + min + seek->bytes > file_size ||
	    file_size - seek->packed - seek->bytes > TARDISK_MAX_DIGESTS)
		return refuse(error, at, "does not add up to the size of the file");
	seek->digests = (uint32_t)(file_size - seek->packed - seek->bytes);
	return 0;
}

int tardisk_seek_init(struct tardisk_seek *seek, const void *table, uint32_t bytes,
		      uint64_t file_size, struct tardisk_error *error)
{
	const unsigned char *p = table;
	uint32_t stated;

	if (bytes < SKIPPABLE_HEADER + RECORD + TARDISK_SEEK_FOOTER || bytes > file_size)
		return refuse(error, 0, "is missing, the file is too short");
	if (tardisk_seek_size(p + bytes - TARDISK_SEEK_FOOTER, file_size, &stated, error))
		return -1;
	if (stated != bytes)
		return refuse(error, file_size - TARDISK_SEEK_FOOTER, "has a wrong frame count");
	if (le_get32(p) != SKIPPABLE_MAGIC)
		return refuse(error, file_size - bytes, "has a wrong magic");
	if (le_get32(p + 4) != bytes - SKIPPABLE_HEADER)
		return refuse(error, file_size - bytes + 4, "has a wrong size");
	seek->table = p + SKIPPABLE_HEADER;
	seek->bytes = bytes;
	seek->frames = (bytes - SKIPPABLE_HEADER - TARDISK_SEEK_FOOTER) / RECORD;
	return check_records(seek, file_size, error);
}

int tardisk_seek_next(const struct tardisk_seek *seek, uint32_t *cursor,
		      struct tardisk_frame *frame)
{
	const unsigned char *record = seek->table + *cursor * RECORD;

	if (*cursor >= seek->frames)
		return 0;
	frame->offset += frame->packed;
	frame->packed = le_get32(record);
	frame->size = le_get32(record + 4);
	(*cursor)++;
	return 1;
}

int tardisk_seek_match(const struct tardisk_seek *seek, const struct tardisk_volume *volume,
		       uint32_t *header_frames, struct tardisk_error *error)
{
	struct tardisk_frame frame = { 0 };
	uint64_t left = volume->headers;
	uint64_t data = volume->size - volume->headers;
	uint32_t cursor = 0;

	*header_frames = (volume->headers + (volume->frame - 1)) / volume->frame;
	while (tardisk_seek_next(seek, &cursor, &frame)) {
		if (!left) {
			left = data;
			data = 0;
		}
		if (frame.size != (left < volume->frame ? left : volume->frame))
			return refuse(error, frame.offset,
				      "has a frame that is not the size its place demands");
		if (frame.packed > TARDISK_PACKED(volume->frame))
			return refuse(error, frame.offset,
				      "has a frame that is larger than its content can be");
		left -= frame.size;
	}
	if (left || data)
		return refuse(error, frame.offset + frame.packed, "lacks frames");
	return 0;
}
