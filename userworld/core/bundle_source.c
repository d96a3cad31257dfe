// SPDX-License-Identifier: Apache-2.0
/* Where a bundle comes from. */
#include "bundle_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch.h"
#include "internal.h"

static int open_file(struct bundle_source *s, const char *path, struct err *e)
{
	char full[CORE_PATH_MAX];
	struct stat st;

	if (core_path(full, e, CORE_ROOT, "%s", path) < 0)
		return -1;
	snprintf(s->name, sizeof(s->name), "%s", path);
	s->fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (s->fd < 0)
		return err_sys(e, errno, "%s", path);
	if (fstat(s->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		bundle_source_close(s);
		return err_set(e, ERR_INVALID, "%s: not a regular file", path);
	}
	return 0;
}

int bundle_source_open(struct bundle_source *s, const char *path, const char *url, int fd,
		       struct err *e)
{
	s->fd = fd;
	s->fetch = NULL;
	if (!!path + !!url + (fd >= 0) != 1) {
		bundle_source_close(s);
		return err_set(e, ERR_USAGE, "give either the path or the URL of a bundle");
	}
	if (path)
		return open_file(s, path, e);
	snprintf(s->name, sizeof(s->name), "%s", url ? url : "upload");
	return url ? fetch_open(&s->fetch, url, e) : 0;
}

ssize_t bundle_source_bytes(void *context, void *buf, size_t size)
{
	struct bundle_source *s = context;

	return s->fetch ? fetch_read(s->fetch, buf, size) : read(s->fd, buf, size);
}

int bundle_source_read(struct bundle_source *s, struct bundle **b, struct err *e)
{
	return bundle_open(b, s->name, bundle_source_bytes, s, e);
}

void bundle_source_close(struct bundle_source *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	fetch_close(s->fetch);
	s->fetch = NULL;
}
