// SPDX-License-Identifier: Apache-2.0
#include "logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record.h"

void logfile_init(struct logfile *f, const char *dir, const char *name, uint64_t size_max,
		  unsigned int count)
{
	*f = (struct logfile){ .fd = -1, .size_max = size_max, .count = count };
	snprintf(f->path, sizeof(f->path), "%s/%s", dir, name);
}

void logfile_close(struct logfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

static int ensure_open(struct logfile *f)
{
	struct stat st;

	/* An administrator may delete a log to make room; go on in a new one then. */
	if (f->fd >= 0 && fstat(f->fd, &st) == 0 && st.st_nlink == 0)
		logfile_close(f);
	if (f->fd >= 0)
		return 0;
	f->fd = open(f->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	if (f->fd < 0 || fstat(f->fd, &st) < 0)
		return -1;
	f->size = (uint64_t)st.st_size;
	return 0;
}

static void rotate(struct logfile *f)
{
	char from[PATH_MAX + 16], to[PATH_MAX + 16];

	logfile_close(f);
	for (unsigned int i = f->count - 1; i > 0; i--) {
		snprintf(from, sizeof(from), i > 1 ? "%s.%u" : "%s", f->path, i - 1);
		snprintf(to, sizeof(to), "%s.%u", f->path, i);
		rename(from, to);
	}
	if (f->count == 1)
		unlink(f->path);
}

/* All of it or nothing: half a line would look like a message of its own. */
static int append(struct logfile *f, const char *line, size_t len)
{
	ssize_t n = write(f->fd, line, len);

	if (n == (ssize_t)len) {
		f->size += len;
		return 0;
	}
	if (n > 0 && ftruncate(f->fd, (off_t)f->size) < 0)
		f->size += (uint64_t)n;
	return -1;
}

static int tell_lost(struct logfile *f, lost_line about, void *arg)
{
	char line[LINE_BYTES];
	size_t len = about(f->lost, line, sizeof(line), arg);

	if (append(f, line, len) < 0)
		return -1;
	f->lost = 0;
	return 0;
}

int logfile_write(struct logfile *f, const char *line, size_t len, lost_line about, void *arg)
{
	if (ensure_open(f) < 0) {
		f->lost++;
		return -1;
	}
	if (f->size && f->size + len > f->size_max) {
		rotate(f);
		if (ensure_open(f) < 0) {
			f->lost++;
			return -1;
		}
	}
	if ((f->lost && tell_lost(f, about, arg) < 0) || append(f, line, len) < 0) {
		f->lost++;
		return -1;
	}
	return 0;
}
