// SPDX-License-Identifier: Apache-2.0
#include "contents.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "stream.h"
#include "tardisk/index.h"
#include "tardisk/sha256.h"

#define DIGEST_SHOWN 16

static int digest(struct tardisk_file *t, const struct tardisk_entry *entry, char hex[SHA256_HEX],
		  struct err *e)
{
	struct tardisk_cursor cursor = { NULL, 0 };
	struct sha256 sum = SHA256_INIT;
	const unsigned char *data;
	int rc = sha256_start(&sum, e), got;

	for (uint64_t pos = 0; !rc && pos < entry->size; pos += (uint64_t)got) {
		got = tardisk_file_data(t, &cursor, entry->data + pos, entry->size - pos, &data, e);
		rc = got < 0 || sha256_add(&sum, data, (size_t)got, e) ? -1 : 0;
	}
	if (!rc)
		rc = sha256_end(&sum, hex, e);
	sha256_free(&sum);
	free(cursor.frame);
	return rc;
}

static int describe(struct tardisk_file *t, const struct tardisk_entry *entry, char **what,
		    struct err *e)
{
	static const char *const names[] = { "file",   "hard link", "link", "device",
					     "device", "folder",    "fifo" };
	const char *name = names[entry->type - '0'];
	char hex[SHA256_HEX];
	int n;

	if (entry->type == TARDISK_SYMLINK || entry->type == TARDISK_HARDLINK) {
		n = asprintf(what, "%s to %.*s", name, (int)entry->link_len, entry->link);
	} else if (entry->type == TARDISK_FILE) {
		if (digest(t, entry, hex, e))
			return -1;
		n = asprintf(what, "%s %04o %u:%u %" PRIu64 " bytes %.*s", name, entry->mode,
			     entry->uid, entry->gid, entry->size, DIGEST_SHOWN, hex);
	} else {
		n = asprintf(what, "%s %04o %u:%u", name, entry->mode, entry->uid, entry->gid);
	}
	return n < 0 ? err_sys(e, ENOMEM, "%s", t->name) : 0;
}

static int add_entry(struct contents *c, struct tardisk_file *t, const struct tardisk_entry *entry,
		     int payload, struct err *e)
{
	struct contents_item item = { strndup(entry->path, entry->path_len), NULL, payload };

	if (!item.path)
		return err_sys(e, ENOMEM, "%s", t->name);
	if (describe(t, entry, &item.what, e)) {
		free(item.path);
		return -1;
	}
	c->items[c->n++] = item;
	return 0;
}

static int add_payload(struct contents *c, const char *name, int fd, int number, struct err *e)
{
	struct contents_item *more;
	struct tardisk_index index;
	struct tardisk_file t;
	int rc;

	if (tardisk_file_open(&t, name, fd, e))
		return -1;
	rc = tardisk_index_load(&t, &index, e);
	if (!rc) {
		more = realloc(c->items, (c->n + index.n + 1) * sizeof(*more));
		rc = more ? 0 : err_sys(e, ENOMEM, "%s", name);
		c->items = more ? more : c->items;
		for (size_t i = 0; i < index.n && !rc; i++)
			rc = add_entry(c, &t, &index.entries[i], number, e);
		free(index.entries);
	}
	tardisk_file_close(&t);
	return rc;
}

/* A file of a bank has one line: what is in it is the loader's. */
static int add_boot(struct contents *c, const struct bundle_payload *p, int number, struct err *e)
{
	struct contents_item *more = realloc(c->items, (c->n + 1) * sizeof(*more));
	struct contents_item item = { strdup(p->name), NULL, number };

	if (!more || !item.path ||
	    asprintf(&item.what, "file %" PRIu64 " bytes %.*s", p->size, DIGEST_SHOWN, p->sha256) <
		    0) {
		c->items = more ? more : c->items;
		free(item.path);
		return err_sys(e, ENOMEM, "%s", p->name);
	}
	c->items = more;
	c->items[c->n++] = item;
	return 0;
}

/* Of equal paths the one of the earlier payload first. */
static int by_path(const void *a, const void *b)
{
	const struct contents_item *left = a, *right = b;
	int order = strcmp(left->path, right->path);

	return order ? order : left->payload - right->payload;
}

/* A later payload hides what an earlier one has. */
static void drop_hidden(struct contents *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (i + 1 < c->n && !strcmp(c->items[i].path, c->items[i + 1].path)) {
			free(c->items[i].path);
			free(c->items[i].what);
		} else {
			c->items[kept++] = c->items[i];
		}
	}
	c->n = kept;
}

int contents_load(struct contents *c, struct bundle *b, struct err *e)
{
	const struct bundle_descriptor *d = bundle_descriptor(b);

	for (size_t i = 0; i < d->n_payloads; i++) {
		const struct bundle_payload *p = &d->payloads[i];
		_cleanup_close_ int fd = p->boot ? -1 : stream_temporary(e);

		if (!p->boot && fd < 0)
			return -1;
		if (bundle_copy_payload(b, fd, e) ||
		    (p->boot ? add_boot(c, p, (int)i, e) : add_payload(c, p->name, fd, (int)i, e)))
			return -1;
	}
	if (c->n)
		qsort(c->items, c->n, sizeof(*c->items), by_path);
	drop_hidden(c);
	return bundle_finish(b, e);
}

void contents_free(struct contents *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->items[i].path);
		free(c->items[i].what);
	}
	free(c->items);
	memset(c, 0, sizeof(*c));
}
