// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bundle_sample.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tardisk/sha256.h"
#include "tests/unit/unit.h"

static const char template[] =
	"{\"format\": 1, \"name\": \"sample\", \"version\": \"1.2-3\", \"vendor\": \"visoros\","
	"\"type\": \"bootbank\", \"summary\": \"A sample\", \"created\": \"2026-01-31T12:00:00Z\","
	"\"acceptance_level\": \"partner\", \"files\": [\"a\", \"a/b\"], \"payloads\": ["
	"{\"name\": \"one.v00\", \"type\": \"tardisk\", \"size\": 5000, \"sha256\": \"%s\","
	" \"content_size\": 8192, \"content_sha256\": \"%s\", \"root_hash\": \"%s\"},"
	"{\"name\": \"two.v01\", \"type\": \"tardisk\", \"size\": 4095, \"sha256\": \"%s\","
	" \"content_size\": 8192, \"content_sha256\": \"%s\", \"root_hash\": \"%s\"}]}";

ssize_t bytes_read(void *context, void *buf, size_t size)
{
	struct bytes *b = context;
	size_t part = 7 + b->pos % 4090;

	if (b->fail_at && b->pos >= b->fail_at) {
		errno = EIO;
		return -1;
	}
	if (part > size)
		part = size;
	if (part > b->len - b->pos)
		part = b->len - b->pos;
	memcpy(buf, b->data + b->pos, part);
	b->pos += part;
	return (ssize_t)part;
}

static int temporary(void)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static int payload(char c, size_t len, char hex[SHA256_HEX])
{
	char buf[5000];
	unsigned long long size;
	int fd = temporary();

	memset(buf, c, sizeof(buf));
	assert_int_equal(write(fd, buf, len), len);
	assert_int_equal(sha256_file(fd, "payload", &size, hex, NULL), 0);
	assert_int_equal(size, len);
	return fd;
}

struct bytes bytes_of_fd(int fd)
{
	struct bytes b = { NULL, (size_t)lseek(fd, 0, SEEK_END), 0, 0 };

	b.data = malloc(b.len + 1);
	assert_int_equal(pread(fd, b.data, b.len, 0), b.len);
	return b;
}

struct bytes sample_bundle(void)
{
	char one[SHA256_HEX], two[SHA256_HEX], text[4096];
	int fds[2] = { payload('1', 5000, one), payload('2', 4095, two) };
	struct bundle_descriptor *d;
	struct bundle_parts parts;
	struct err e = ERR_INIT;
	char *formatted;
	struct bytes b;
	int fd = temporary();

	snprintf(text, sizeof(text), template, one, one, one, two, two, two);
	if (bundle_descriptor_parse(text, strlen(text), &d, &e))
		fail_msg("%s", e.text);
	parts = (struct bundle_parts){ .d = d, .fds = fds };
	assert_int_equal(bundle_descriptor_format(d, &formatted, &parts.text_len, &e), 0);
	parts.text = formatted;
	assert_int_equal(bundle_write(fd, &parts, &e), 0);
	free(formatted);
	b = bytes_of_fd(fd);
	bundle_descriptor_free(d);
	close(fds[0]);
	close(fds[1]);
	close(fd);
	return b;
}

int read_whole(struct bytes *b, struct err *e)
{
	struct bundle *bundle;
	int rc = 0;

	*e = (struct err)ERR_INIT;
	b->pos = 0;
	if (bundle_open(&bundle, "sample.vib", bytes_read, b, e))
		return -1;
	for (size_t i = 0; i < bundle_descriptor(bundle)->n_payloads && !rc; i++)
		rc = bundle_copy_payload(bundle, -1, e);
	if (!rc)
		rc = bundle_finish(bundle, e);
	bundle_close(bundle);
	return rc;
}
