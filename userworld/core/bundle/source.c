// SPDX-License-Identifier: Apache-2.0
/* Where a bundle comes from. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "userworld/core/depot/archive.h"
#include "userworld/core/fetch/fetch.h"
#include "userworld/core/internal.h"

#define READ_STEP (64u << 10)

static int open_file(struct bundle_source *s, const char *path, struct err *e)
{
	char full[CORE_PATH_MAX];
	struct stat st;

	if (core_path(full, e, CORE_ROOT, "%s", path) < 0)
		return -1;
	if (path != s->name)
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
	s->fault = 0;
	s->fetch = NULL;
	s->member = NULL;
	if (!!path + !!url + (fd >= 0) != 1) {
		bundle_source_close(s);
		return err_set(e, ERR_USAGE, "give either the path or the URL of a bundle");
	}
	if (path)
		return open_file(s, path, e);
	snprintf(s->name, sizeof(s->name), "%s", url ? url : "upload");
	return url ? fetch_open(&s->fetch, url, e) : 0;
}

int bundle_source_open_at(struct bundle_source *s, const struct depot_place *place,
			  const char *path, struct err *e)
{
	const char *address = place->address;
	int rc;

	s->fd = -1;
	s->fault = 0;
	s->fetch = NULL;
	s->member = NULL;
	if (snprintf(s->name, sizeof(s->name), "%s/%s", address, path) >= (int)sizeof(s->name))
		return err_set(e, ERR_INVALID, "%.128s...: address too long", address);
	if (place->archive)
		rc = archive_member_open(&s->member, place->archive, path, s->name, e);
	else
		rc = address[0] == '/' ? open_file(s, s->name, e)
				       : fetch_open(&s->fetch, s->name, e);
	if (rc < 0)
		bundle_source_close(s);
	return rc;
}

bool bundle_source_is_remote(const struct bundle_source *s)
{
	return s->fetch || (s->member && archive_member_is_remote(s->member));
}

ssize_t bundle_source_bytes(void *context, void *buf, size_t size)
{
	struct bundle_source *s = context;
	ssize_t n = s->member  ? archive_member_read(s->member, buf, size)
		    : s->fetch ? fetch_read(s->fetch, buf, size)
			       : read(s->fd, buf, size);

	s->fault = n < 0 ? errno : s->fault;
	if (n > 0)
		core_progress_bytes((uint64_t)n);
	return n;
}

int bundle_source_all(struct bundle_source *s, size_t max, char **data, size_t *len, struct err *e)
{
	size_t room = 0;
	ssize_t n = 1;

	*data = NULL;
	*len = 0;
	do {
		char *more = realloc(*data, room += READ_STEP);

		if (!more) {
			errno = ENOMEM;
			n = -1;
			break;
		}
		*data = more;
		while (*len < room - 1 &&
		       (n = bundle_source_bytes(s, *data + *len, room - 1 - *len)) > 0)
			*len += (size_t)n;
	} while (n > 0 && *len <= max);
	if (n == 0 && *len <= max) {
		(*data)[*len] = '\0';
		return 0;
	}
	free(*data);
	*data = NULL;
	if (n > 0)
		return err_set(e, ERR_INVALID, "%s: larger than %zu MiB", s->name, max >> 20);
	return bundle_source_fault(s, errno, e);
}

int bundle_source_fault(const struct bundle_source *s, int num, struct err *e)
{
	if (num == EIO && bundle_source_is_remote(s))
		return err_set(e, ERR_UNAVAILABLE,
			       "%s: the connection broke off and could not be taken up again",
			       s->name);
	if (num == EBADMSG && s->member)
		return err_set(e, ERR_INVALID, "%s: is damaged in the zip archive", s->name);
	return err_sys(e, num, "%s", s->name);
}

bool bundle_source_explain(const struct bundle_source *s, struct err *e)
{
	if (s->fault != EIO || !bundle_source_is_remote(s))
		return false;
	bundle_source_fault(s, s->fault, e);
	return true;
}

int bundle_source_read(struct bundle_source *s, struct bundle **b, struct err *e)
{
	return bundle_open(b, s->name, bundle_source_bytes, s, e);
}

void bundle_source_close(struct bundle_source *s)
{
	archive_member_close(s->member);
	s->member = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	fetch_close(s->fetch);
	s->fetch = NULL;
}
