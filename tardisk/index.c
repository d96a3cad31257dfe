// SPDX-License-Identifier: Apache-2.0
#include "index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int by_path(const void *a, const void *b)
{
	const struct tardisk_entry *left = a, *right = b;
	uint32_t common = left->path_len < right->path_len ? left->path_len : right->path_len;
	int order = memcmp(left->path, right->path, common);

	if (order)
		return order;
	return left->path_len < right->path_len ? -1 : left->path_len > right->path_len;
}

const struct tardisk_entry *tardisk_index_find(const struct tardisk_index *index, const char *path,
					       size_t len)
{
	struct tardisk_entry key = { .path = path, .path_len = (uint32_t)len };

	if (!index->n)
		return NULL;
	return bsearch(&key, index->entries, index->n, sizeof(key), by_path);
}

static int check_parent(const struct tardisk_file *t, const struct tardisk_index *index,
			const struct tardisk_entry *entry, struct err *e)
{
	const char *slash = memrchr(entry->path, '/', entry->path_len);
	const struct tardisk_entry *parent;
	struct tardisk_error error = { entry->at, "path", "its directory is not listed" };

	if (!slash)
		return 0;
	parent = tardisk_index_find(index, entry->path, (size_t)(slash - entry->path));
	if (parent && parent->type == TARDISK_DIR)
		return 0;
	if (parent)
		error.what = "is below something that is no directory";
	return tardisk_file_refuse(t, &error, e);
}

static int check_hard_link(const struct tardisk_file *t, const struct tardisk_index *index,
			   const struct tardisk_entry *entry, struct err *e)
{
	struct tardisk_error error = { entry->at, "linkname", "names no earlier regular file" };
	const struct tardisk_entry *target;

	if (entry->type != TARDISK_HARDLINK)
		return 0;
	target = tardisk_index_find(index, entry->link, entry->link_len);
	if (target && target < entry && target->type == TARDISK_FILE)
		return 0;
	return tardisk_file_refuse(t, &error, e);
}

int tardisk_index_load(const struct tardisk_file *t, struct tardisk_index *index, struct err *e)
{
	struct tardisk_reader r;
	int more = -1;

	index->n = 0;
	index->entries = calloc((size_t)t->volume.entries + 1, sizeof(*index->entries));
	if (!index->entries)
		return err_sys(e, ENOMEM, "%.300s", t->name);
	if (!tardisk_reader_init(&r, t->headers, t->volume.headers))
		while ((more = tardisk_next(&r, &index->entries[index->n])) > 0)
			index->n++;
	if (more < 0)
		tardisk_file_refuse(t, &r.error, e);
	for (size_t i = 0; i < index->n && !more; i++)
		if (check_parent(t, index, &index->entries[i], e) ||
		    check_hard_link(t, index, &index->entries[i], e))
			more = -1;
	if (more < 0) {
		free(index->entries);
		index->entries = NULL;
	}
	return more;
}
