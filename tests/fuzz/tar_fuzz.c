// SPDX-License-Identifier: Apache-2.0
/*
 * Feeds the parser with header areas, seek tables and digest lists. The first byte chooses.
 * The input is copied, so that a byte read too far is one outside the allocation. Seeds
 * of header areas go without the zeros at their end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/tar.h"
#include "tests/fuzz/headers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned int sink;

static void touch(const char *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		sink += (unsigned char)bytes[i];
}

/* What the reader promises about each entry; a broken promise is a crash. */
static void check_entry(const struct tardisk_reader *r, const struct tardisk_entry *entry)
{
	if (tardisk_path_fault(entry->path, entry->path_len))
		abort();
	if (entry->mode > 07777 || entry->mtime_ns > 999999999)
		abort();
	if (entry->size && (entry->data % TARDISK_PAGE || entry->data < r->volume.headers ||
			    entry->data + entry->size > r->volume.size))
		abort();
	touch(entry->path, entry->path_len);
	touch(entry->link, entry->link_len);
}

static void read_entries(const unsigned char *base, size_t len)
{
	struct tardisk_reader r;
	struct tardisk_entry entry;
	struct tardisk_xattr x;
	uint32_t n = 0, cursor;
	int more;

	if (tardisk_reader_init(&r, base, (uint32_t)len))
		return;
	if (r.volume.frame < TARDISK_FRAME_MIN || r.volume.frame > TARDISK_FRAME ||
	    r.volume.frame & (r.volume.frame - 1))
		abort();
	while ((more = tardisk_next(&r, &entry)) > 0) {
		check_entry(&r, &entry);
		n++;
		cursor = 0;
		while (tardisk_next_xattr(&entry, &cursor, &x)) {
			touch(x.name, x.name_len);
			touch(x.value, x.value_len);
		}
	}
	if (more < 0 && (!r.error.field || !r.error.what || r.error.offset > len))
		abort();
	if (!more && n != r.volume.entries)
		abort();
}

static void read_headers(const unsigned char *base, size_t len)
{
	unsigned char *area = header_area_of(base, len, &len);

	read_entries(area, len);
	free(area);
}

/* The sizes of the areas that the table itself suggests, with one of the sizes of frames. */
static void match_table(const struct tardisk_seek *seek, uint32_t frame_size)
{
	struct tardisk_volume volume = { .frame = frame_size };
	struct tardisk_frame frame = { 0 };
	struct tardisk_error error;
	uint32_t cursor = 0, header_frames;

	while (tardisk_seek_next(seek, &cursor, &frame)) {
		if (cursor == 1)
			volume.headers = frame.size;
		volume.size += frame.size;
	}
	if (tardisk_seek_match(seek, &volume, &header_frames, &error))
		return;
	if (header_frames != 1)
		abort();
	cursor = 0;
	memset(&frame, 0, sizeof(frame));
	while (tardisk_seek_next(seek, &cursor, &frame))
		if (frame.size > frame_size || frame.packed > TARDISK_PACKED(frame_size))
			abort();
}

static void read_table(const unsigned char *base, size_t len)
{
	struct tardisk_frame frame = { 0 };
	struct tardisk_error error;
	struct tardisk_seek seek;
	uint64_t total = 0, file_size;
	uint32_t bytes, cursor = 0;

	if (len < 8 + TARDISK_SEEK_FOOTER)
		return;
	memcpy(&file_size, base, 8);
	file_size %= 1ull << 33;
	base += 8;
	len -= 8;
	if (tardisk_seek_size(base + len - TARDISK_SEEK_FOOTER, file_size, &bytes, &error))
		return;
	if (tardisk_seek_init(&seek, base, (uint32_t)len, file_size, &error))
		return;
	while (tardisk_seek_next(&seek, &cursor, &frame))
		total += frame.packed;
	if (total != seek.packed || total + seek.digests + seek.bytes != file_size || bytes != len)
		abort();
	for (uint32_t size = TARDISK_FRAME_MIN; size <= TARDISK_FRAME; size *= 2)
		match_table(&seek, size);
}

/* Four bytes of frame count and eight of the frames' size, as a seek table would say; the list. */
static void read_list(const unsigned char *base, size_t len)
{
	struct tardisk_seek seek = { 0 };
	struct tardisk_volume volume = { 0 };
	struct tardisk_digests d;
	struct tardisk_error error;
	uint64_t data = 0;

	if (len < 12 + TARDISK_DIGESTS_WRAP + TARDISK_DIGESTS_HEADER)
		return;
	memcpy(&seek.frames, base, 4);
	memcpy(&seek.packed, base + 4, 8);
	seek.digests = (uint32_t)(len - 12);
	seek.frames %= TARDISK_MAX_FRAMES + 1;
	/* As tardisk_seek_init() would have refused it. */
	if (seek.digests < TARDISK_DIGESTS_WRAP + TARDISK_DIGESTS_HEADER +
				   (seek.frames + 1) * TARDISK_DIGEST ||
	    seek.digests > TARDISK_MAX_DIGESTS)
		return;
	if (tardisk_digests_init(&d, base + 12, &seek, &error))
		return;
	touch((const char *)d.frame, d.frames * TARDISK_DIGEST);
	touch((const char *)d.chunk, d.chunks * TARDISK_DIGEST);
	touch((const char *)d.covered, d.covered_len);
	touch((const char *)d.root, TARDISK_DIGEST);
	for (uint32_t i = 0; i < d.chunks; i++)
		data += tardisk_chunk_size(&d, i);
	if (data != d.size - d.headers)
		abort();
	/* A volume of these sizes is the only one that it is the list of. */
	volume.size = d.size;
	volume.headers = d.headers;
	if (tardisk_digests_match(&d, &seek, &volume, &error))
		abort();
	volume.headers += TARDISK_PAGE;
	if (!tardisk_digests_match(&d, &seek, &volume, &error))
		abort();
	volume.size += TARDISK_PAGE;
	if (!tardisk_digests_match(&d, &seek, &volume, &error))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy;

	if (size < 1)
		return 0;
	copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	if (data[0] & 2)
		read_list(copy, size - 1);
	else if (data[0] & 1)
		read_table(copy, size - 1);
	else
		read_headers(copy, size - 1);
	free(copy);
	return 0;
}
