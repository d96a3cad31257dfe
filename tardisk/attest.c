// SPDX-License-Identifier: Apache-2.0
#include "attest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "index.h"
#include "le.h"

static uint64_t packed_bytes(const struct tardisk_file *t)
{
	const struct tardisk_frame *last = &t->frames[t->n_frames - 1];

	return last->offset + last->packed;
}

int attest_bytes(const struct attest *a, const struct tardisk_file *t,
		 unsigned char manifest[static TARDISK_MANIFEST], struct err *e)
{
	unsigned char *p = manifest;

	if (!tardisk_manifest_text_ok(a->name) || !tardisk_manifest_text_ok(a->version))
		return err_set(e, ERR_INVALID,
			       "%.100s %.100s: no name and version for a manifest: 1 to 63 "
			       "printable characters without space and '/'",
			       a->name, a->version);
	memset(manifest, 0, TARDISK_MANIFEST);
	memcpy(p, "VISORMAN", 8);
	p = le_append32(p + 8, 1);
	p = le_append32(p, a->level);
	p = le_append32(p, a->may);
	p = le_append32(p, t->volume.headers);
	p = le_append64(p, packed_bytes(t));
	p = le_append64(p, t->volume.size);
	p = le_append64(p, 0);
	memcpy(p, t->digests.root, TARDISK_DIGEST);
	p += TARDISK_DIGEST;
	memcpy(p, a->name, strlen(a->name));
	memcpy(p + TARDISK_MANIFEST_TEXT, a->version, strlen(a->version));
	return 0;
}

int attest_frame(const unsigned char manifest[static TARDISK_MANIFEST], const void *signature,
		 size_t signature_len, unsigned char **frame, size_t *len, struct err *e)
{
	unsigned char *p;

	if (!signature_len || signature_len > TARDISK_SIGNATURE_MAX)
		return err_set(e, ERR_INVALID,
			       "a signature with its certificates has at most %u "
			       "bytes, this one has %zu",
			       TARDISK_SIGNATURE_MAX, signature_len);
	*len = TARDISK_MANIFEST_WRAP + TARDISK_MANIFEST + signature_len;
	*frame = malloc(*len);
	if (!*frame)
		return err_sys(e, ENOMEM, "manifest");
	p = le_append32(*frame, TARDISK_MANIFEST_MAGIC);
	p = le_append32(p, *len - TARDISK_MANIFEST_WRAP);
	memcpy(p, manifest, TARDISK_MANIFEST);
	memcpy(p + TARDISK_MANIFEST, signature, signature_len);
	return 0;
}

/* Where the frame goes, and what stands behind it: the seek table. */
static int find_place(int fd, const char *name, uint64_t *at, unsigned char **table,
		      size_t *table_len, struct err *e)
{
	struct tardisk_file t;
	int rc = 0;

	if (tardisk_file_open(&t, name, fd, e))
		return -1;
	*at = packed_bytes(&t) + TARDISK_DIGESTS_WRAP + t.digests.covered_len + TARDISK_DIGEST;
	*table_len = t.file_size - *at - t.digests.manifest_len;
	*table = malloc(*table_len);
	if (*table)
		memcpy(*table, t.table, *table_len);
	else
		rc = err_sys(e, ENOMEM, "%.300s", name);
	tardisk_file_close(&t);
	return rc;
}

static int write_at(int fd, const char *name, const void *data, size_t len, uint64_t at,
		    struct err *e)
{
	const char *p = data;

	while (len) {
		ssize_t n = pwrite(fd, p, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, errno, "%.300s", name);
		p += n;
		at += (size_t)n;
		len -= (size_t)n;
	}
	return 0;
}

int attest_put(int fd, const char *name, const void *frame, size_t len, struct err *e)
{
	_cleanup_free_ unsigned char *table = NULL;
	size_t table_len;
	uint64_t at;

	if (find_place(fd, name, &at, &table, &table_len, e) ||
	    write_at(fd, name, frame, len, at, e) ||
	    write_at(fd, name, table, table_len, at + len, e))
		return -1;
	if (ftruncate(fd, (off_t)(at + len + table_len)))
		return err_sys(e, errno, "%.300s", name);
	return 0;
}

int attest_needs(struct tardisk_file *t, uint32_t *needs, struct err *e)
{
	struct tardisk_index index;

	if (tardisk_index_load(t, &index, e))
		return -1;
	*needs = 0;
	for (size_t i = 0; i < index.n; i++)
		*needs |= tardisk_entry_needs(&index.entries[i]);
	free(index.entries);
	return 0;
}
