// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The digest list of a tardisk: what each packed frame and each chunk of the
 * data area hashes to. Offsets in errors are bytes of the file.
 *
 * Everything the header says can be derived from the seek table and the
 * volume header. It is there so that the root hash covers it, and it has to
 * be the same.
 */
#include "manifest.h"
#include "le.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define SKIPPABLE_MAGIC 0x184D2A5Du
#define LIST_MAGIC "VISORSUM"
#define LIST_VERSION 1u

/* Where the fields lie, from the start of the skippable frame. */
enum {
	WRAP_MAGIC = 0,
	WRAP_SIZE = 4,
	MAGIC = 8,
	VERSION = 16,
	CHUNK = 20,
	PACKED = 24,
	SIZE = 32,
	HEADERS = 40,
	FRAMES = 44,
	CHUNKS = 48,
	UNUSED = 52,
};

static int refuse(struct tardisk_error *error, uint64_t offset, const char *what)
{
	error->offset = offset;
	error->field = "digest list";
	error->what = what;
	return -1;
}

static int check_header(const unsigned char *p, const struct tardisk_seek *seek,
			struct tardisk_error *error)
{
	uint64_t at = seek->packed;

	if (le_get32(p + WRAP_MAGIC) != SKIPPABLE_MAGIC || memcmp(p + MAGIC, LIST_MAGIC, 8))
		return refuse(error, at, "has a wrong magic");
	if (le_get32(p + VERSION) != LIST_VERSION)
		return refuse(error, at + VERSION, "has a version other than 1");
	if (le_get32(p + CHUNK) != TARDISK_CHUNK)
		return refuse(error, at + CHUNK, "has a chunk size other than 65536");
	if (le_get64(p + PACKED) != seek->packed)
		return refuse(error, at + PACKED, "states another size of the frames");
	if (le_get32(p + FRAMES) != seek->frames)
		return refuse(error, at + FRAMES, "has a wrong frame count");
	if (le_get32(p + UNUSED))
		return refuse(error, at + UNUSED, "has bytes without meaning");
	return 0;
}

/* Where the list ends, and that what follows is a manifest to the last byte, or nothing. */
static int split(struct tardisk_digests *digests, const unsigned char *p,
		 const struct tardisk_seek *seek, struct tardisk_error *error)
{
	uint64_t len = (uint64_t)le_get32(p + WRAP_SIZE) + TARDISK_DIGESTS_WRAP;
	uint64_t rest = seek->digests - len;

	if (len > seek->digests ||
	    len < TARDISK_DIGESTS_WRAP + TARDISK_DIGESTS_HEADER + TARDISK_DIGEST)
		return refuse(error, seek->packed + WRAP_SIZE, "has a wrong size");
	digests->covered_len = (uint32_t)len - TARDISK_DIGESTS_WRAP - TARDISK_DIGEST;
	digests->manifest = p + len;
	digests->manifest_len = (uint32_t)rest;
	if (!rest)
		return 0;
	p += len;
	if (rest <= TARDISK_DIGESTS_WRAP || rest > TARDISK_SIGNED_MAX ||
	    le_get32(p) != TARDISK_MANIFEST_MAGIC || le_get32(p + 4) != rest - TARDISK_DIGESTS_WRAP)
		return refuse(error, seek->packed + WRAP_SIZE,
			      "is followed by something else than a manifest");
	return 0;
}

/* Both areas are not empty by the rules for volumes, but this one is read before them. */
static int check_sizes(const struct tardisk_digests *digests, const struct tardisk_seek *seek,
		       struct tardisk_error *error)
{
	uint64_t data;

	if (digests->size > TARDISK_MAX_SIZE || digests->headers > digests->size)
		return refuse(error, seek->packed + SIZE, "has sizes out of range");
	data = digests->size - digests->headers;
	if (digests->chunks != (data + TARDISK_CHUNK - 1) / TARDISK_CHUNK)
		return refuse(error, seek->packed + CHUNKS, "has a wrong chunk count");
	if (digests->covered_len !=
	    TARDISK_DIGESTS_HEADER + (digests->frames + digests->chunks) * TARDISK_DIGEST)
		return refuse(error, seek->packed + WRAP_SIZE, "has a wrong size");
	return 0;
}

int tardisk_digests_init(struct tardisk_digests *digests, const void *list,
			 const struct tardisk_seek *seek, struct tardisk_error *error)
{
	const unsigned char *p = list;

	if (check_header(p, seek, error) || split(digests, p, seek, error))
		return -1;
	digests->covered = p + TARDISK_DIGESTS_WRAP;
	digests->frames = seek->frames;
	digests->chunks = le_get32(p + CHUNKS);
	digests->headers = le_get32(p + HEADERS);
	digests->size = le_get64(p + SIZE);
	digests->frame = digests->covered + TARDISK_DIGESTS_HEADER;
	digests->chunk = digests->frame + digests->frames * TARDISK_DIGEST;
	digests->root = digests->covered + digests->covered_len;
	return check_sizes(digests, seek, error);
}

int tardisk_digests_match(const struct tardisk_digests *digests, const struct tardisk_seek *seek,
			  const struct tardisk_volume *volume, struct tardisk_error *error)
{
	if (digests->size != volume->size)
		return refuse(error, seek->packed + SIZE, "states another size than VISOR.size");
	if (digests->headers != volume->headers)
		return refuse(error, seek->packed + HEADERS,
			      "states another size than VISOR.headers");
	return 0;
}

uint32_t tardisk_chunk_size(const struct tardisk_digests *digests, uint32_t n)
{
	uint64_t left = digests->size - digests->headers - (uint64_t)n * TARDISK_CHUNK;

	return left < TARDISK_CHUNK ? (uint32_t)left : TARDISK_CHUNK;
}
