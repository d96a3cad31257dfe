// SPDX-License-Identifier: Apache-2.0
#include "logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record.h"

void logfile_init(struct logfile *f, const char *dir, const char *name, uint64_t size_max,
		  unsigned int count)
{
	f->fd = -1;
	f->size = f->lost = 0;
	f->have = 0;
	f->size_max = size_max;
	f->count = count;
	snprintf(f->path, sizeof(f->path), "%s/%s", dir, name);
}

static void close_file(struct logfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

void logfile_close(struct logfile *f)
{
	close_file(f);
	f->have = 0;
}

static int ensure_open(struct logfile *f)
{
	struct stat st;

	/* An administrator may delete a log to make room; go on in a new one then. */
	if (f->fd >= 0 && fstat(f->fd, &st) == 0 && st.st_nlink == 0)
		close_file(f);
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

	close_file(f);
	for (unsigned int i = f->count - 1; i > 0; i--) {
		snprintf(from, sizeof(from), i > 1 ? "%s.%u" : "%s", f->path, i - 1);
		snprintf(to, sizeof(to), "%s.%u", f->path, i);
		rename(from, to);
	}
	if (f->count == 1)
		unlink(f->path);
}

/* Bytes of whole lines that got in: half a line would look like a message of its own. */
static size_t append(struct logfile *f, const char *data, size_t len)
{
	ssize_t n = write(f->fd, data, len);
	size_t whole = n > 0 ? (size_t)n : 0;

	while (whole && data[whole - 1] != '\n')
		whole--;
	if (n > 0 && whole < (size_t)n && ftruncate(f->fd, (off_t)(f->size + whole)) < 0)
		whole = (size_t)n;
	f->size += whole;
	return whole;
}

static uint64_t count_lines(const char *data, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += data[i] == '\n';
	return n;
}

static int tell_lost(struct logfile *f, lost_line about)
{
	char line[LINE_BYTES];
	size_t len = about(f, line, sizeof(line));

	if (append(f, line, len) < len)
		return -1;
	f->lost = 0;
	return 0;
}

int logfile_flush(struct logfile *f, lost_line about)
{
	size_t len = f->have, done = 0;

	if (!len)
		return 0;
	f->have = 0;
	if (ensure_open(f) == 0 && (!f->lost || tell_lost(f, about) == 0))
		done = append(f, f->gathered, len);
	if (done == len)
		return 0;
	f->lost += count_lines(f->gathered + done, len - done);
	return -1;
}

void logfile_write(struct logfile *f, const char *line, size_t len, lost_line about)
{
	if (f->have + len > sizeof(f->gathered))
		logfile_flush(f, about);
	/* Its size is known once it is open; a log that grew under another logger counts. */
	if (f->fd < 0)
		ensure_open(f);
	if (f->size + f->have && f->size + f->have + len > f->size_max) {
		logfile_flush(f, about);
		rotate(f);
		ensure_open(f);
	}
	memcpy(f->gathered + f->have, line, len);
	f->have += len;
}
