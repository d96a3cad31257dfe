// SPDX-License-Identifier: Apache-2.0
/* What a bank's file of bundles has, by the records at its beginning: no payload is read. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "install.h"
#include "cleanup.h"
#include "userworld/core/internal.h"

#define STEP 16384u
#define RECORD_MAX (1u << 20) /* bytes: far more than a descriptor has */

struct list {
	struct fat fat;
	struct fat_file file;
	uint32_t at;
	struct err e;
	unsigned char buf[STEP];
};

static la_ssize_t read_on(struct archive *a, void *context, const void **data)
{
	struct list *l = context;
	uint32_t left = l->file.size - l->at;
	uint32_t len = left < STEP ? left : STEP;

	*data = l->buf;
	if (fat_read(&l->fat, &l->file, l->at, l->buf, len, &l->e) < 0) {
		archive_set_error(a, EIO, "%s", l->e.text);
		return -1;
	}
	l->at += len;
	return (la_ssize_t)len;
}

static int take_record(struct archive *a, struct archive_entry *entry, json_t *ids, struct err *e)
{
	la_int64_t size = archive_entry_size(entry);
	struct bundle_record r = { 0 };
	_cleanup_free_ char *text = NULL;

	if (size < 0 || size > RECORD_MAX)
		return err_set(e, ERR_INVALID, "%s: is too large", archive_entry_pathname(entry));
	text = calloc(1, (size_t)size + 1);
	if (!text)
		return core_nomem(e);
	if (archive_read_data(a, text, (size_t)size) != size)
		return err_set(e, ERR_INVALID, "%s", archive_error_string(a) ?: "is cut off");
	if (bundle_record_parse(text, &r, e) < 0)
		return -1;
	bundle_append_id(ids, r.d);
	bundle_record_free(&r);
	return 0;
}

/* The records stand before the payloads. */
static int take_records(struct archive *a, json_t *ids, struct err *e)
{
	struct archive_entry *entry;
	int rc;

	while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		const char *path = archive_entry_pathname(entry) ?: "", *end = strrchr(path, '.');

		if (!strncmp(path, "tardisks/", 9))
			return 0;
		if (end && !strcmp(end, ".json") && take_record(a, entry, ids, e) < 0)
			return -1;
	}
	return rc == ARCHIVE_EOF ? 0 : err_set(e, ERR_INVALID, "%s", archive_error_string(a));
}

static int read_file(struct list *l, json_t *ids, struct err *e)
{
	struct archive *a = archive_read_new();
	int rc;

	if (!a)
		return core_nomem(e);
	archive_read_support_format_cpio(a);
	rc = archive_read_open(a, l, NULL, read_on, NULL) == ARCHIVE_OK
		     ? take_records(a, ids, e)
		     : err_set(e, ERR_INVALID, "%s", archive_error_string(a));
	archive_read_free(a);
	return rc;
}

int bundle_image_list(struct blkio *io, json_t **ids, struct err *e)
{
	_cleanup_free_ struct list *l = calloc(1, sizeof(*l));
	struct err missing = ERR_INIT;

	*ids = NULL;
	if (!l)
		return core_nomem(e);
	if (fat_open(&l->fat, io, e) < 0)
		return -1;
	*ids = json_array();
	if (fat_find(&l->fat, BUNDLE_IMAGE_FILE, &l->file, &missing) < 0) {
		if (missing.kind == ERR_NOT_FOUND)
			return 0;
		if (e)
			*e = missing;
	} else if (read_file(l, *ids, e) == 0) {
		return 0;
	} else {
		err_wrap(e, "%s: " BUNDLE_IMAGE_FILE, io->name);
	}
	json_decref(*ids);
	*ids = NULL;
	return -1;
}
