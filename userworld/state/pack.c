// SPDX-License-Identifier: Apache-2.0
/* A snapshot as an archive. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "userworld/state/pack.h"
#include "userworld/state/snapshot.h"

struct buffer {
	uint8_t *data;
	size_t len, room;
};

static void end_buffer(struct buffer *b)
{
	free(b->data);
}

static void end_writer(struct archive **a)
{
	archive_write_free(*a);
}

static la_ssize_t append(struct archive *a, void *context, const void *data, size_t len)
{
	struct buffer *b = context;

	if (b->len + len > b->room) {
		size_t room = (b->len + len) * 3 / 2 + 4096;
		uint8_t *more = realloc(b->data, room);

		if (!more) {
			archive_set_error(a, ENOMEM, "out of memory");
			return -1;
		}
		b->data = more;
		b->room = room;
	}
	memcpy(b->data + b->len, data, len);
	b->len += len;
	return (la_ssize_t)len;
}

static int fail(struct archive *a, struct err *e)
{
	return err_set(e, archive_errno(a) == ENOMEM ? ERR_NO_SPACE : ERR_SYSTEM,
		       "archive of state: %s", archive_error_string(a));
}

static int write_member(struct archive *a, const char *name, const struct state_file *f,
			struct err *e)
{
	struct archive_entry *entry = archive_entry_new();
	int rc;

	if (!entry)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, f->mode);
	archive_entry_set_uid(entry, f->uid);
	archive_entry_set_gid(entry, f->gid);
	archive_entry_set_mtime(entry, (time_t)f->mtime, 0);
	archive_entry_set_size(entry, (la_int64_t)f->size);
	rc = archive_write_header(a, entry);
	archive_entry_free(entry);
	if (rc != ARCHIVE_OK || (f->size && archive_write_data(a, f->data, f->size) < 0))
		return fail(a, e);
	return 0;
}

/* The paths of what was deleted, a line each; *len 0 and no memory if there are none. */
static int list_deleted(const struct state_snapshot *s, char **text, size_t *len, struct err *e)
{
	size_t need = 0;
	char *at;

	for (size_t i = 0; i < s->count; i++)
		need += s->list[i].deleted ? strlen(s->list[i].path) + 1 : 0;
	*len = need;
	*text = malloc(need + 1);
	if (!*text)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	at = *text;
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].deleted) {
			at = stpcpy(at, s->list[i].path);
			*at++ = '\n';
		}
	*at = '\0';
	return 0;
}

static int write_all(struct archive *a, const struct state_snapshot *s, struct err *e)
{
	_cleanup_free_ char *deleted = NULL;
	size_t len;

	if (list_deleted(s, &deleted, &len, e) < 0)
		return -1;
	if (len) {
		struct state_file f = { .mode = 0600, .data = deleted, .size = len };

		if (write_member(a, STATE_DELETED_MEMBER, &f, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < s->count; i++)
		if (!s->list[i].deleted && write_member(a, s->list[i].path + 1, &s->list[i], e) < 0)
			return -1;
	return archive_write_close(a) == ARCHIVE_OK ? 0 : fail(a, e);
}

static int add_filter(struct archive *a, enum state_packing packing)
{
	return packing == STATE_GZIP ? archive_write_add_filter_gzip(a)
				     : archive_write_add_filter_zstd(a);
}

int state_snapshot_pack(const struct state_snapshot *s, enum state_packing packing, uint8_t **out,
			size_t *len, struct err *e)
{
	_cleanup_(end_writer) struct archive *a = archive_write_new();
	_cleanup_(end_buffer) struct buffer b = { 0 };

	if (!a)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (archive_write_set_format_gnutar(a) != ARCHIVE_OK ||
	    add_filter(a, packing) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(a, 1) != ARCHIVE_OK ||
	    archive_write_open(a, &b, NULL, append, NULL) != ARCHIVE_OK)
		return fail(a, e);
	if (write_all(a, s, e) < 0)
		return -1;
	*out = TAKE_PTR(b.data);
	*len = b.len;
	return 0;
}
