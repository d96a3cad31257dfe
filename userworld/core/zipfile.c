// SPDX-License-Identifier: Apache-2.0
#include "zipfile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "cleanup.h"

/* Of PKWARE's APPNOTE: the end of the central directory, an entry of it, a member's header. */
#define END_SIZE 22
#define END_MAX (END_SIZE + 65535) /* with the longest comment */
#define ENTRY_SIZE 46
#define HEADER_SIZE 30
#define ENCRYPTED 0x1
#define STORED 0
#define DEFLATED 8

struct zipfile {
	int fd;
	off_t at;      /* of the next byte of the member as it is packed */
	uint32_t left; /* of these */
	uint32_t size; /* unpacked bytes still to come */
	uint32_t crc;  /* as it should be */
	uint32_t sum;  /* as it is so far */
	int method;
	z_stream stream;
	unsigned char in[16384];
};

struct entry {
	uint32_t flags, method, crc, packed, size, name, extra, comment, header;
};

static uint32_t le16(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t le32(const unsigned char *p)
{
	return le16(p) | le16(p + 2) << 16;
}

static bool read_at(int fd, void *buf, size_t size, off_t at)
{
	return pread(fd, buf, size, at) == (ssize_t)size;
}

/* Where the central directory begins, and how many entries it has. */
static bool find_directory(int fd, off_t *at, uint32_t *n)
{
	_cleanup_free_ unsigned char *tail = NULL;
	struct stat st;
	size_t len;

	if (fstat(fd, &st) < 0 || st.st_size < END_SIZE || st.st_size > UINT32_MAX)
		return false;
	len = st.st_size < END_MAX ? (size_t)st.st_size : END_MAX;
	tail = malloc(len);
	if (!tail || !read_at(fd, tail, len, st.st_size - (off_t)len))
		return false;
	for (size_t i = len - END_SIZE + 1; i-- > 0;) {
		if (memcmp(tail + i, "PK\5\6", 4) != 0)
			continue;
		*n = le16(tail + i + 10);
		*at = le32(tail + i + 16);
		return true;
	}
	return false;
}

static bool read_entry(int fd, off_t at, struct entry *e)
{
	unsigned char raw[ENTRY_SIZE];

	if (!read_at(fd, raw, sizeof(raw), at) || memcmp(raw, "PK\1\2", 4) != 0)
		return false;
	*e = (struct entry){ .flags = le16(raw + 8),
			     .method = le16(raw + 10),
			     .crc = le32(raw + 16),
			     .packed = le32(raw + 20),
			     .size = le32(raw + 24),
			     .name = le16(raw + 28),
			     .extra = le16(raw + 30),
			     .comment = le16(raw + 32),
			     .header = le32(raw + 42) };
	return true;
}

static bool is_named(int fd, off_t at, const struct entry *e, const char *member)
{
	char name[512];

	return e->name == strlen(member) && e->name < sizeof(name) &&
	       read_at(fd, name, e->name, at + ENTRY_SIZE) && !memcmp(name, member, e->name);
}

static int find_entry(int fd, const char *name, const char *member, struct entry *entry,
		      struct err *e)
{
	uint32_t n;
	off_t at;

	if (!find_directory(fd, &at, &n))
		return err_set(e, ERR_INVALID, "%s: no zip archive, or larger than 4 GiB", name);
	for (uint32_t i = 0; i < n; i++) {
		if (!read_entry(fd, at, entry))
			return err_set(e, ERR_INVALID, "%s: damaged zip archive", name);
		if (is_named(fd, at, entry, member))
			return 0;
		at += ENTRY_SIZE + entry->name + entry->extra + entry->comment;
	}
	return err_set(e, ERR_NOT_FOUND, "%s: is not in the archive", name);
}

static int start(struct zipfile *z, const struct entry *entry, const char *name, struct err *e)
{
	unsigned char raw[HEADER_SIZE];

	if (entry->flags & ENCRYPTED || (entry->method != STORED && entry->method != DEFLATED))
		return err_set(e, ERR_INVALID,
			       "%s: is encrypted, or packed by other means than deflate", name);
	if (!read_at(z->fd, raw, sizeof(raw), entry->header) || memcmp(raw, "PK\3\4", 4) != 0)
		return err_set(e, ERR_INVALID, "%s: damaged zip archive", name);
	z->at = (off_t)entry->header + HEADER_SIZE + le16(raw + 26) + le16(raw + 28);
	z->left = entry->packed;
	z->size = entry->size;
	z->crc = entry->crc;
	z->method = (int)entry->method;
	if (z->method == DEFLATED && inflateInit2(&z->stream, -MAX_WBITS) != Z_OK)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	return 0;
}

int zipfile_open(struct zipfile **out, int fd, const char *name, const char *member, struct err *e)
{
	struct zipfile *z = calloc(1, sizeof(*z));
	struct entry entry;

	if (!z)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	z->fd = fd;
	if (find_entry(fd, name, member, &entry, e) < 0 || start(z, &entry, name, e) < 0) {
		zipfile_close(z);
		return -1;
	}
	*out = z;
	return 0;
}

/* The next packed bytes into buf; 0 at their end, -1. */
static ssize_t take_packed(struct zipfile *z, void *buf, size_t size)
{
	ssize_t n = pread(z->fd, buf, size < z->left ? size : z->left, z->at);

	if (n > 0) {
		z->at += n;
		z->left -= (uint32_t)n;
	} else if (n == 0 && z->left) {
		errno = EBADMSG;
		return -1;
	}
	return n;
}

static ssize_t inflate_some(struct zipfile *z, void *buf, size_t size)
{
	int rc = Z_OK;

	z->stream.next_out = buf;
	z->stream.avail_out = (uInt)size;
	while (z->stream.avail_out == size && rc == Z_OK) {
		if (!z->stream.avail_in) {
			ssize_t n = take_packed(z, z->in, sizeof(z->in));

			if (n < 0)
				return -1;
			z->stream.next_in = z->in;
			z->stream.avail_in = (uInt)n;
		}
		rc = inflate(&z->stream, Z_NO_FLUSH);
	}
	if (rc == Z_OK || rc == Z_STREAM_END)
		return (ssize_t)(size - z->stream.avail_out);
	errno = EBADMSG;
	return -1;
}

ssize_t zipfile_read(struct zipfile *z, void *buf, size_t size)
{
	ssize_t n;

	/* No more comes than the directory says, so nobody is flooded. */
	if (size > z->size)
		size = z->size;
	if (!size)
		n = 0;
	else
		n = z->method == STORED ? take_packed(z, buf, size) : inflate_some(z, buf, size);
	if (n > 0) {
		z->size -= (uint32_t)n;
		z->sum = (uint32_t)crc32(z->sum, buf, (uInt)n);
	} else if (n == 0 && (z->size || z->sum != z->crc)) {
		errno = EBADMSG;
		return -1;
	}
	return n;
}

void zipfile_close(struct zipfile *z)
{
	if (!z)
		return;
	if (z->method == DEFLATED)
		inflateEnd(&z->stream);
	free(z);
}
