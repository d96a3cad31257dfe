// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "sha256.h"

/* From the end of a file to the page border there are zeros only. */
static int check_tail(struct tardisk_file *t, struct tardisk_cursor *c,
		      const struct tardisk_entry *entry, struct err *e)
{
	uint64_t end = entry->data + entry->size;
	uint64_t len = -end & (TARDISK_PAGE - 1);
	struct tardisk_error error = { 0, "padding", "not zero" };
	const unsigned char *data;

	/* A page never lies in two frames, so this gives all of it. */
	if (!len)
		return 0;
	if (tardisk_file_data(t, c, end, len, &data, e) < 0)
		return -1;
	for (uint64_t i = 0; i < len; i++) {
		if (!data[i])
			continue;
		error.offset = end + i;
		return tardisk_file_refuse(t, &error, e);
	}
	return 0;
}

/* The digests of the chunks in these bytes, which begin where a chunk does. */
static int check_chunks(const struct tardisk_file *t, uint64_t pos, const unsigned char *data,
			size_t len, struct err *e)
{
	uint32_t n = (uint32_t)((pos - t->volume.headers) / TARDISK_CHUNK);
	struct tardisk_error error = { pos, "digest list", "has another digest for this content" };
	unsigned char digest[TARDISK_DIGEST];

	for (size_t at = 0; at < len; n++) {
		uint32_t size = tardisk_chunk_size(&t->digests, n);

		if (sha256_of(data + at, size, digest))
			return err_set(e, ERR_SYSTEM, "SHA-256 is not available in this OpenSSL");
		error.offset = pos + at;
		if (memcmp(digest, t->digests.chunk + n * TARDISK_DIGEST, TARDISK_DIGEST))
			return tardisk_file_refuse(t, &error, e);
		at += size;
	}
	return 0;
}

static int check_contents(struct tardisk_file *t, struct tardisk_cursor *c,
			  const struct tardisk_index *index, struct err *e)
{
	uint64_t pos = t->volume.headers;
	const unsigned char *data;
	size_t i = 0;

	/* Each frame is unpacked once, also those that lie within one file. */
	while (pos < t->volume.size) {
		int got = tardisk_file_data(t, c, pos, TARDISK_FRAME, &data, e);

		if (got < 0 || check_chunks(t, pos, data, (size_t)got, e))
			return -1;
		pos += (uint64_t)got;
		for (; i < index->n; i++) {
			const struct tardisk_entry *entry = &index->entries[i];

			if (!entry->size)
				continue;
			if (entry->data + entry->size > pos)
				break;
			if (check_tail(t, c, entry, e))
				return -1;
		}
	}
	return 0;
}

int tardisk_check(struct tardisk_file *t, struct err *e)
{
	struct tardisk_cursor c = { NULL, 0 };
	struct tardisk_index index;
	int rc;

	if (tardisk_index_load(t, &index, e))
		return -1;
	rc = check_contents(t, &c, &index, e);
	free(index.entries);
	free(c.frame);
	return rc;
}
