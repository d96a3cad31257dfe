// SPDX-License-Identifier: Apache-2.0
/*
 * A file beside a copy of it in memory: batches of reads or of writes that do
 * not overlap, done all at a time. "direct" opens the file with O_DIRECT, half
 * of the transfers aligned as disks want it and half of them not: visorfs
 * takes both.
 */
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST (1u << 20)	   /* bytes of the file */
#define PART (MOST / JOBS) /* each job of a batch has its own */

static unsigned char copy[MOST], got[MOST];
static size_t size;

static void choose(struct job *job, unsigned int n, unsigned char *buf, bool write)
{
	bool aligned = rnd(2);
	size_t from = rnd(PART - JOB_MOST), len = 1 + rnd(JOB_MOST - 4096);

	if (aligned) {
		from &= ~4095u;
		len = (len + 4095) & ~4095u;
	}
	*job = (struct job){ .write = write,
			     .buf = buf + (aligned ? 0 : 1 + rnd(64)),
			     .len = len,
			     .at = (off_t)(n * PART + from) };
	for (size_t i = 0; write && i < len; i++)
		((unsigned char *)job->buf)[i] = (unsigned char)rnd(256);
}

static void judge(const struct job *job, const char *name)
{
	size_t at = (size_t)job->at, want = job->len;

	if (!job->write)
		want = at >= size ? 0 : size - at < want ? size - at : want;
	errno = job->done < 0 ? (int)-job->done : 0;
	must(job->done == (ssize_t)want, "%s: %s at %zu of %zu bytes did %zd", name,
	     job->write ? "write" : "read", at, job->len, job->done);
	if (!job->write) {
		must(!memcmp(copy + at, job->buf, want), "%s: read at %zu differs", name, at);
		return;
	}
	memcpy(copy + at, job->buf, want);
	if (at + want > size)
		size = at + want;
}

int shadow(char **words, unsigned char *buffers, do_batch run)
{
	bool direct = words[3] && !strcmp(words[3], "direct");
	int fd = open(words[0], O_RDWR | O_CREAT | O_CLOEXEC | (direct ? O_DIRECT : 0), 0644);
	unsigned long batches = strtoul(words[2], NULL, 0);
	struct job jobs[JOBS];
	ssize_t n;

	must(fd >= 0, "open %s", words[0]);
	seed(strtoull(words[1], NULL, 0));
	n = pread(fd, copy, sizeof(copy), 0);
	must(n >= 0, "read %s", words[0]);
	size = (size_t)n;
	while (batches--) {
		bool write = rnd(2);

		for (unsigned int i = 0; i < JOBS; i++)
			choose(&jobs[i], i, buffers + i * JOB_MOST, write);
		run(fd, jobs, JOBS);
		for (unsigned int i = 0; i < JOBS; i++)
			judge(&jobs[i], words[0]);
	}
	n = pread(fd, got, sizeof(got), 0);
	must(n == (ssize_t)size && !memcmp(got, copy, size), "%s: %zd bytes differ", words[0], n);
	printf("%zu bytes: alike\n", size);
	return 0;
}
