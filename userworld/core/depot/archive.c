// SPDX-License-Identifier: Apache-2.0
#include "archive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_whole.h"
#include "cleanup.h"
#include "userworld/core/fetch/fetch.h"
#include "userworld/core/internal.h"
#include "zip_directory.h"
#include "zip_member.h"

struct archive {
	int fd;	   /* -1: the archive is on a server */
	char *url; /* NULL: it is not */
	struct fetch_file file;
	struct zip_place place;
	unsigned char *directory;
};

struct archive_member {
	struct fetch *fetch; /* or on the host: */
	int fd;		     /* of the archive */
	off_t at;
	struct zip_member *zip;
};

/* What reading or unpacking failed with, in words. */
static int fault(bool remote, int num, const char *name, struct err *e)
{
	if (num == EBADMSG)
		return err_set(e, ERR_INVALID, "%s: damaged zip archive", name);
	if (num == ENOTSUP)
		return err_set(e, ERR_INVALID,
			       "%s: is encrypted, or packed by other means than deflate", name);
	if (remote && num == EIO)
		return err_set(e, ERR_UNAVAILABLE, "%s: the connection broke off", name);
	return err_sys(e, num, "%s", name);
}

static ssize_t read_bytes(void *context, void *buf, size_t size)
{
	struct archive_member *m = context;
	ssize_t n;

	if (m->fetch)
		return fetch_read(m->fetch, buf, size);
	n = pread(m->fd, buf, size, m->at);
	if (n > 0)
		m->at += n;
	return n;
}

/* All of it; less is damage. */
static int read_all(struct archive_member *from, unsigned char *buf, size_t size, const char *name,
		    struct err *e)
{
	for (size_t got = 0; got < size;) {
		ssize_t n = read_bytes(from, buf + got, size - got);

		if (n <= 0)
			return fault(from->fetch, n ? errno : EBADMSG, name, e);
		got += (size_t)n;
	}
	return 0;
}

static int read_on_host(struct archive *a, uint64_t at, unsigned char *buf, size_t size,
			const char *name, struct err *e)
{
	struct archive_member from = { .fd = a->fd, .at = (off_t)at };

	return read_all(&from, buf, size, name, e);
}

static int read_on_server(struct archive *a, uint64_t at, unsigned char *buf, size_t size,
			  const char *name, struct err *e)
{
	struct archive_member from = { .fd = -1 };
	int rc = fetch_open_part(&from.fetch, a->url, &a->file, at, size, e);

	if (rc == 0)
		rc = read_all(&from, buf, size, name, e);
	fetch_close(from.fetch);
	return rc;
}

/* tail: the last len bytes. Of a small archive the directory is in them. */
static int take_directory(struct archive *a, const unsigned char *tail, size_t len,
			  const char *name, struct err *e)
{
	uint64_t size = a->file.size;

	if (zip_find_directory(tail, len, size, &a->place, name, e) < 0)
		return -1;
	a->directory = malloc(a->place.size + 1);
	if (!a->directory)
		return core_nomem(e);
	if (a->place.at >= size - len)
		memcpy(a->directory, tail + (a->place.at - (size - len)), a->place.size);
	else if (a->url)
		return read_on_server(a, a->place.at, a->directory, a->place.size, name, e);
	else
		return read_on_host(a, a->place.at, a->directory, a->place.size, name, e);
	return 0;
}

static int start_on_host(struct archive *a, const char *name, struct err *e)
{
	_cleanup_free_ unsigned char *tail = malloc(ZIP_TAIL);
	struct stat st;
	size_t len;

	if (!tail)
		return core_nomem(e);
	if (fstat(a->fd, &st) < 0)
		return err_sys(e, errno, "%s", name);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_INVALID, "%s: neither a folder nor a zip archive", name);
	a->file.size = (uint64_t)st.st_size;
	len = a->file.size < ZIP_TAIL ? (size_t)a->file.size : ZIP_TAIL;
	if (read_on_host(a, a->file.size - len, tail, len, name, e) < 0)
		return -1;
	return take_directory(a, tail, len, name, e);
}

static int start_on_server(struct archive *a, struct fetch *f, const char *name, struct err *e)
{
	_cleanup_free_ unsigned char *tail = malloc(ZIP_TAIL);
	struct archive_member from = { .fetch = f, .fd = -1 };

	if (!tail)
		return core_nomem(e);
	a->file = *fetch_file(f);
	if (read_all(&from, tail, ZIP_TAIL, name, e) < 0)
		return -1;
	return take_directory(a, tail, ZIP_TAIL, name, e);
}

static struct archive *new_archive(int fd)
{
	struct archive *a = calloc(1, sizeof(*a));

	if (a)
		a->fd = fd;
	return a;
}

static int give(struct archive **out, struct archive *a, int rc)
{
	if (rc == 0)
		*out = a;
	else
		archive_close(a);
	return rc;
}

int archive_open(struct archive **out, int fd, const char *name, struct err *e)
{
	struct archive *a = new_archive(fd);

	if (!a) {
		close(fd);
		return core_nomem(e);
	}
	return give(out, a, start_on_host(a, name, e));
}

static int open_remote(struct archive **out, struct fetch *f, const char *url, struct err *e)
{
	struct archive *a = new_archive(-1);

	if (!a)
		return core_nomem(e);
	a->url = strdup(url);
	return give(out, a, a->url ? start_on_server(a, f, url, e) : core_nomem(e));
}

int archive_open_url(struct archive **out, const char *url, struct err *e)
{
	struct fetch *f;
	int rc, fd;

	if (fetch_open_tail(&f, url, ZIP_TAIL, e) < 0)
		return -1;
	if (fetch_is_whole(f)) {
		fd = archive_take_whole(f, url, e);
		rc = fd < 0 ? -1 : archive_open(out, fd, url, e);
	} else {
		rc = open_remote(out, f, url, e);
	}
	fetch_close(f);
	return rc;
}

void archive_close(struct archive *a)
{
	if (!a)
		return;
	if (a->fd >= 0)
		close(a->fd);
	free(a->url);
	free(a->directory);
	free(a);
}

static int start_member(struct archive_member *m, const struct archive *a, const char *member,
			const char *name, struct err *e)
{
	struct zip_entry entry;

	if (zip_find_entry(a->directory, &a->place, member, &entry, name, e) < 0)
		return -1;
	m->fd = a->fd;
	m->at = (off_t)entry.header;
	if (a->url && fetch_open_part(&m->fetch, a->url, &a->file, entry.header,
				      entry.end - entry.header, e) < 0)
		return -1;
	m->zip = zip_member_open(&entry, read_bytes, m);
	return m->zip ? 0 : fault(m->fetch, errno, name, e);
}

int archive_member_open(struct archive_member **out, const struct archive *a, const char *member,
			const char *name, struct err *e)
{
	struct archive_member *m = calloc(1, sizeof(*m));

	if (!m)
		return core_nomem(e);
	if (start_member(m, a, member, name, e) < 0) {
		archive_member_close(m);
		return -1;
	}
	*out = m;
	return 0;
}

ssize_t archive_member_read(struct archive_member *m, void *buf, size_t size)
{
	return zip_member_read(m->zip, buf, size);
}

bool archive_member_is_remote(const struct archive_member *m)
{
	return m->fetch;
}

void archive_member_close(struct archive_member *m)
{
	if (!m)
		return;
	zip_member_close(m->zip);
	fetch_close(m->fetch);
	free(m);
}
