// SPDX-License-Identifier: Apache-2.0
/* By name each time: whoever rotates or deletes the log need not know of us. */
#include "dcui/live.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The last bytes of a file in front of those that are there already; a line that is cut is left
 * out. */
static void put_before(struct live *l, int fd, off_t size)
{
	size_t room = LIVE_BYTES - l->len, want = (off_t)room < size ? room : (size_t)size, got,
	       cut;
	char text[LIVE_BYTES];
	ssize_t n = pread(fd, text, want, size - (off_t)want);

	got = n > 0 ? (size_t)n : 0;
	cut = 0;
	if ((off_t)want < size) {
		const char *end = memchr(text, '\n', got);

		cut = end ? (size_t)(end - text) + 1 : got;
	}
	memmove(l->text + got - cut, l->text, l->len);
	memcpy(l->text, text + cut, got - cut);
	l->len += got - cut;
}

static void end_lines(struct live *l)
{
	for (size_t i = 0; i < l->len; i++)
		if (l->text[i] == '\n')
			l->text[i] = '\0';
	l->text[l->len] = '\0';
}

static bool refused(struct live *l, const char *path)
{
	char why[sizeof(l->why)];

	snprintf(why, sizeof(why), "%.200s: %s", path, strerror(errno));
	if (!strcmp(why, l->why))
		return false;
	memcpy(l->why, why, sizeof(why));
	l->size = -1;
	return true;
}

bool live_read(struct live *l, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	_cleanup_close_ int old = -1;
	char aside[256];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return refused(l, path);
	if (st.st_ino == l->file && st.st_size == l->size && !l->why[0])
		return false;
	l->why[0] = '\0';
	l->len = 0;
	l->file = st.st_ino;
	l->size = st.st_size;
	put_before(l, fd, st.st_size);
	if (st.st_size < LIVE_BYTES) {
		snprintf(aside, sizeof(aside), "%.250s.1", path);
		old = open(aside, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (old >= 0 && fstat(old, &st) == 0)
			put_before(l, old, st.st_size);
	}
	end_lines(l);
	return true;
}

const char *live_before(const struct live *l, size_t *at)
{
	size_t start = *at;

	if (!start)
		return NULL;
	/* Its last line may have no end yet. */
	if (start < l->len || !l->text[start - 1])
		start--;
	while (start && l->text[start - 1])
		start--;
	*at = start;
	return l->text + start;
}
