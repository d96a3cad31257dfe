// SPDX-License-Identifier: Apache-2.0
/* What changes the file, and the model with it. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include "fsx.h"

void do_write(void)
{
	size_t at, len;

	pick(&at, &len, max);
	if (!len)
		return;
	fill(buf, len);
	must(pwrite(rnd(4) ? fd : direct_fd, buf, len, (off_t)at) == (ssize_t)len, "pwrite");
	grow(at + len);
	memcpy(model + at, buf, len);
}

void do_mapped_write(void)
{
	size_t at, len, skip;
	unsigned char *p;

	pick(&at, &len, size);
	if (!len)
		return;
	p = map(at, len, MAP_SHARED, &skip);
	fill(p + skip, len);
	memcpy(model + at, p + skip, len);
	/* Behind the end: nobody must ever see that. */
	if (at + len == size && (at + len) % 4096)
		memset(p + skip + len, 0xee, 4096 - (at + len) % 4096);
	if (!rnd(4))
		must(!msync(p, len + skip, MS_SYNC), "msync");
	munmap(p, len + skip);
}

void do_private_write(void)
{
	size_t at, len, skip;
	unsigned char *p;

	pick(&at, &len, size);
	if (!len)
		return;
	p = map(at, len, MAP_PRIVATE, &skip);
	memset(p + skip, 0xdd, len);
	munmap(p, len + skip);
}

void do_truncate(void)
{
	size_t at, len;

	pick(&at, &len, max);
	if (!rnd(30))
		at = 0;
	must(!ftruncate(fd, (off_t)at), "ftruncate");
	grow(at);
	size = at;
}

void do_punch(void)
{
	size_t at, len;

	pick(&at, &len, max);
	if (!len)
		return;
	must(!fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)len),
	     "punch");
	if (at < size)
		memset(model + at, 0, at + len > size ? size - at : len);
}

void do_allocate(void)
{
	int keep = rnd(2) ? FALLOC_FL_KEEP_SIZE : 0;
	size_t at, len;

	pick(&at, &len, max);
	if (!len)
		return;
	must(!fallocate(fd, keep, (off_t)at, (off_t)len), "fallocate");
	if (!keep)
		grow(at + len);
}

/* Within the file, from one place to another that does not overlap. */
void do_copy(void)
{
	size_t from, len, to;
	loff_t a, b;
	ssize_t n;

	pick(&from, &len, size);
	to = rnd((uint32_t)(max - len) + 1);
	if (!len || (to < from + len && from < to + len))
		return;
	a = (loff_t)from;
	b = (loff_t)to;
	n = copy_file_range(fd, &a, fd, &b, len, 0);
	must(n > 0, "copy_file_range");
	grow(to + (size_t)n);
	memmove(model + to, model + from, (size_t)n);
}

void do_splice(void)
{
	size_t at, len, to;
	loff_t a, b;
	ssize_t n, m;
	int p[2];

	pick(&at, &len, size);
	if (len > 60000)
		len = 60000;
	if (!len)
		return;
	to = rnd((uint32_t)(max - len) + 1);
	must(!pipe2(p, O_CLOEXEC), "pipe");
	a = (loff_t)at;
	b = (loff_t)to;
	n = splice(fd, &a, p[1], NULL, len, 0);
	must(n > 0, "splice from");
	memcpy(buf, model + at, (size_t)n);
	m = splice(p[0], NULL, fd, &b, (size_t)n, 0);
	must(m == n, "splice to");
	grow(to + (size_t)n);
	memcpy(model + to, buf, (size_t)n);
	close(p[0]);
	close(p[1]);
}
