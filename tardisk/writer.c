// SPDX-License-Identifier: Apache-2.0
#include "writer.h"

#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "layout.h"

#define CHUNK (256u << 10)

static int write_content(struct frames *f, const struct tree *t, const struct tree_inode *inode,
			 void *buf, struct err *e)
{
	_cleanup_close_ int fd = -1;
	uint64_t start, done = 0;
	const char *name = inode->source ? inode->source : inode->written;

	fd = tree_open_content(t, inode, &start, e);
	if (fd < 0)
		return -1;
	while (done < inode->size) {
		uint64_t left = inode->size - done;
		ssize_t n = pread(fd, buf, left < CHUNK ? left : CHUNK, (off_t)(start + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, errno, "%.400s", name);
		if (!n)
			return err_set(e, ERR_CONFLICT, "%.400s: became shorter while it was read",
				       name);
		if (frames_add(f, buf, (size_t)n, e))
			return -1;
		done += (uint64_t)n;
	}
	if (inode->source && pread(fd, buf, 1, (off_t)done) > 0)
		return err_set(e, ERR_CONFLICT, "%.400s: became longer while it was read", name);
	return frames_add(f, NULL, -inode->size & (TARDISK_PAGE - 1), e);
}

static int write_areas(struct frames *f, const struct tree *t, const struct layout *layout,
		       struct err *e)
{
	_cleanup_free_ void *buf = malloc(CHUNK);

	if (!buf)
		return err_sys(e, ENOMEM, "buffer");
	if (frames_add(f, layout->headers, layout->len, e) || frames_end_headers(f, e))
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		const struct tree_inode *inode = t->nodes[i].inode;

		if (inode->size && inode->written == t->nodes[i].path &&
		    write_content(f, t, inode, buf, e))
			return -1;
	}
	return frames_finish(f, e);
}

int tardisk_write(int fd, const char *name, struct tree *t, const struct packing *packing,
		  struct err *e)
{
	struct frames *f = NULL;
	struct layout layout;
	int rc;

	if (tree_sort(t, e) || tree_complete(t, e))
		return -1;
	rc = layout_tree(t, packing->frame, &layout, e);
	if (!rc)
		rc = frames_open(&f, fd, name, packing, e);
	if (!rc)
		rc = write_areas(f, t, &layout, e);
	frames_close(f);
	free(layout.headers);
	return rc;
}
