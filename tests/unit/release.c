// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/release.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "file.h"
#include "tests/unit/unit.h"

#define PACKED_MAX (1u << 20) /* bytes of a file in the repository */
#define STEP (64u << 10)

void release_each(void (*fn)(const struct release *r))
{
	glob_t found;

	assert_int_equal(glob("tests/formats/*/expected.json", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct release r = { .expected = json_load_file(found.gl_pathv[i], 0, NULL) };

		assert_non_null(r.expected);
		snprintf(r.folder, sizeof(r.folder), "%.*s",
			 (int)(strrchr(found.gl_pathv[i], '/') - found.gl_pathv[i]),
			 found.gl_pathv[i]);
		fn(&r);
		json_decref(r.expected);
	}
	globfree(&found);
}

static const json_t *expected(const struct release *r, const char *part, const char *name)
{
	const json_t *value = json_object_get(json_object_get(r->expected, part), name);

	if (!value)
		fail_msg("%s/expected.json has no %s of %s", r->folder, name, part);
	return value;
}

const char *release_text(const struct release *r, const char *part, const char *name)
{
	return json_string_value(expected(r, part, name));
}

long release_number(const struct release *r, const char *part, const char *name)
{
	return (long)json_integer_value(expected(r, part, name));
}

static void path_of(const struct release *r, const char *name, char path[static 320])
{
	snprintf(path, 320, "%s/%.32s.gz", r->folder, name);
}

char *release_packed(const struct release *r, const char *name, size_t *len)
{
	struct err e = ERR_INIT;
	char path[320], *data;

	path_of(r, name, path);
	if (file_read(path, PACKED_MAX, &data, len, &e) < 0)
		fail_msg("%s", e.text);
	return data;
}

/* The next part of a packed file: how many bytes, 0 at its end. */
static size_t next(gzFile in, void *buf)
{
	int n = gzread(in, buf, STEP);

	assert_true(n >= 0);
	return (size_t)n;
}

static gzFile open_packed(const struct release *r, const char *name)
{
	char path[320];
	gzFile in;

	path_of(r, name, path);
	in = gzopen(path, "re");
	if (!in)
		fail_msg("%s: is not there", path);
	return in;
}

char *release_file(const struct release *r, const char *name, size_t *len)
{
	gzFile in = open_packed(r, name);
	char *data = NULL;
	size_t n = 1;

	for (*len = 0; n > 0; *len += n) {
		data = realloc(data, *len + STEP + 1);
		assert_non_null(data);
		n = next(in, data + *len);
		data[*len + n] = '\0';
	}
	gzclose(in);
	return data;
}

struct blkio *release_disk(const struct release *r, const char *name)
{
	static const char zeros[STEP];
	char path[] = "/tmp/release-XXXXXX", part[STEP];
	gzFile in = open_packed(r, name);
	struct err e = ERR_INIT;
	int fd = mkstemp(path);
	struct blkio *io;
	off_t at = 0;
	size_t n;

	assert_true(fd >= 0);
	/* Most of it is empty. */
	for (; (n = next(in, part)) > 0; at += (off_t)n)
		if (memcmp(part, zeros, n) != 0)
			assert_int_equal(pwrite(fd, part, n, at), n);
	assert_int_equal(ftruncate(fd, at), 0);
	gzclose(in);
	io = blkio_open(path, true, &e);
	if (!io)
		fail_msg("%s", e.text);
	unlink(path);
	close(fd);
	return io;
}

int release_fd(const void *data, size_t len)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}
