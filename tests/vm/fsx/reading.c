// SPDX-License-Identifier: Apache-2.0
/* What reads the file and compares what it gets; and what must not change it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fsx.h"

void do_read(void)
{
	size_t at, len;

	pick(&at, &len, size);
	must(pread(fd, buf, len, (off_t)at) == (ssize_t)len, "pread");
	compare(buf, at, len, "read");
}

void do_vector(void)
{
	size_t at, len;
	struct iovec iov[2];

	pick(&at, &len, size);
	iov[0] = (struct iovec){ buf, len / 3 };
	iov[1] = (struct iovec){ buf + len / 3, len - len / 3 };
	must(preadv(fd, iov, 2, (off_t)at) == (ssize_t)len, "preadv");
	compare(buf, at, len, "vectored read");
}

void do_direct_read(void)
{
	size_t at = rnd((uint32_t)size + 1) / 4096 * 4096, len = (1 + rnd(20)) * 4096;
	ssize_t want = (ssize_t)(at + len > size ? size - at : len);

	must(pread(direct_fd, buf, len, (off_t)at) == want, "direct pread");
	compare(buf, at, (size_t)want, "direct read");
}

unsigned char *map(size_t at, size_t len, int flags, size_t *skip)
{
	unsigned char *p;

	*skip = at % 4096;
	p = mmap(NULL, len + *skip, PROT_READ | PROT_WRITE, flags, fd, (off_t)(at - *skip));
	must(p != MAP_FAILED, "mmap");
	return p;
}

void do_mapped_read(void)
{
	static const int advice[] = { MADV_DONTNEED, MADV_COLD, MADV_PAGEOUT, MADV_WILLNEED,
				      MADV_RANDOM };
	size_t at, len, skip;
	unsigned char *p;

	pick(&at, &len, size);
	if (!len)
		return;
	p = map(at, len, rnd(2) ? MAP_SHARED : MAP_PRIVATE, &skip);
	compare(p + skip, at, len, "mapped read");
	if (!rnd(3)) {
		madvise(p, len + skip, advice[rnd(5)]);
		compare(p + skip, at, len, "mapped read after madvise");
	}
	munmap(p, len + skip);
}

void do_sendfile(void)
{
	size_t at, len;
	off_t off;
	ssize_t n;

	pick(&at, &len, size);
	if (!len)
		return;
	off = (off_t)at;
	must(lseek(other_fd, 0, SEEK_SET) == 0, "lseek");
	n = sendfile(other_fd, fd, &off, len);
	must(n == (ssize_t)len && pread(other_fd, buf, len, 0) == n, "sendfile");
	compare(buf, at, len, "sendfile");
}

void do_seek(void)
{
	size_t at = size ? rnd((uint32_t)size) : 0;
	off_t data = lseek(fd, (off_t)at, SEEK_DATA);
	size_t end = data < 0 ? size : (size_t)data;

	/* All before the next data is zero. */
	for (; at < end; at++)
		if (model[at])
			differ("data at %zu is a hole to lseek", at);
}

static void tell_kernel(const char *file, const char *text)
{
	int k = open(file, O_WRONLY | O_CLOEXEC);

	if (k < 0)
		return;
	if (write(k, text, strlen(text)) < 0)
		perror(file);
	close(k);
}

void do_pressure(void)
{
	switch (rnd(4)) {
	case 0:
		tell_kernel("/proc/sys/vm/drop_caches", "3");
		break;
	case 1:
		tell_kernel("/proc/sys/vm/compact_memory", "1");
		break;
	case 2:
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		break;
	default:
		must(!fsync(fd), "fsync");
	}
}
