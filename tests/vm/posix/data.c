// SPDX-License-Identifier: Apache-2.0
/* Ways of reading and writing: vectors, pipes, copies between files, mappings. */
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <linux/fs.h>

#include "posix.h"

static bool same_at(int fd, off_t at, size_t pattern_at, size_t len)
{
	unsigned char buf[4096];

	if (pread(fd, buf, len, at) != (ssize_t)len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (buf[i] != pattern(pattern_at + i))
			return false;
	return true;
}

static void pipes(int fd)
{
	int p[2], to = (int)OK(open("open/to", O_CREAT | O_RDWR | O_CLOEXEC, 0644));
	unsigned char buf[4096];
	off_t off = 5000;
	loff_t at = 100;

	OK(pipe(p));
	IS(splice(fd, &off, p[1], NULL, 4096, 0), 4096);
	IS(off, 9096);
	IS(read(p[0], buf, 4096), 4096);
	IS(buf[0], pattern(5000));
	IS(buf[4095], pattern(9095));
	IS(write(p[1], "into the file", 13), 13);
	IS(splice(p[0], NULL, to, &at, 13, 0), 13);
	IS(pread(to, buf, 13, 100), 13);
	TRUE(!memcmp(buf, "into the file", 13));
	off = 4000;
	IS(sendfile(to, fd, &off, 8000), 8000);
	TRUE(same_at(to, 0, 4000, 4096));
	/* What a pipe holds stays as it was when the file changes: or at least whole. */
	off = 0;
	IS(splice(fd, &off, p[1], NULL, 100, 0), 100);
	IS(read(p[0], buf, 100), 100);
	IS(splice(fd, &(loff_t){ BIG_SIZE }, p[1], NULL, 100, 0), 0);
	close(p[0]);
	close(p[1]);
	close(to);
}

static void copies(int fd)
{
	int to = (int)OK(open("open/copy", O_CREAT | O_RDWR | O_CLOEXEC, 0644));
	loff_t from = 1000, at = 0;

	IS(copy_file_range(fd, &from, to, &at, 50000, 0), 50000);
	IS(from, 51000);
	IS(at, 50000);
	TRUE(same_at(to, 0, 1000, 4096) && same_at(to, 45000, 46000, 4096));
	from = BIG_SIZE;
	IS(copy_file_range(fd, &from, to, &at, 100, 0), 0);
	from = 0;
	at = 20;
	FAILS(EINVAL, copy_file_range(to, &from, to, &at, 100, 0)); /* overlap */
	FAILS(EOPNOTSUPP, ioctl(to, FICLONE, fd));
	close(to);
}

void topic_data(void)
{
	int fd = (int)OK(open("big", O_RDWR | O_CLOEXEC));
	unsigned char a[100], b[200];
	struct iovec iov[2] = { { a, sizeof(a) }, { b, sizeof(b) } };

	TRUE(same_at(fd, 0, 0, 4096) && same_at(fd, BIG_SIZE - 4000, BIG_SIZE - 4000, 4000));
	IS(preadv(fd, iov, 2, 4000), 300);
	IS(a[99], pattern(4099));
	IS(b[199], pattern(4299));
	pipes(fd);
	copies(fd);
	IS(pwritev(fd, iov, 2, 8100), 300);
	TRUE(same_at(fd, 8100, 4000, 300) && same_at(fd, 8400, 8400, 100));
	IS(preadv2(fd, iov, 1, 0, RWF_HIPRI), 100);
	IS(pwritev2(fd, iov, 1, 0, RWF_APPEND), 100);
	IS(st("big").st_size, BIG_SIZE + 100);
	IS(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	IS(posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED), 0);
	IS(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL), 0);
	OK(readahead(fd, 0, 100000));
	TRUE(same_at(fd, 20000, 20000, 4096));
	close(fd);
}

/* The child reads a byte through the mapping: its signal, or 0. */
static int touch_signal(volatile char *at)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		_exit(*at == 0x55);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void topic_mapped(void)
{
	int fd = (int)OK(open("big", O_RDWR | O_CLOEXEC)), ro;
	size_t len = 80 * 4096;
	unsigned char *shared = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	unsigned char *private = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	unsigned char byte = 0;
	unsigned char vec[80];

	TRUE(shared != MAP_FAILED && private != MAP_FAILED);
	IS(shared[5000], pattern(5000));
	private[5000] = 1;
	IS(shared[5000], pattern(5000));
	shared[6000] = 2;
	IS(pread(fd, &byte, 1, 6000), 1);
	IS(byte, 2);
	byte = 3;
	IS(pwrite(fd, &byte, 1, 7000), 1);
	IS(shared[7000], 3);
	IS(private[5000], 1);
	/* Behind the end within the last page: zeroes, which do not reach the file. */
	IS(shared[BIG_SIZE], 0);
	shared[BIG_SIZE] = 9;
	OK(ftruncate(fd, BIG_SIZE + 10));
	IS(pread(fd, &byte, 1, BIG_SIZE), 1);
	if (on_visorfs) /* tmpfs of Linux 6.12 shows the byte */
		IS(byte, 0);
	IS(touch_signal((char *)shared + (BIG_SIZE / 4096 + 1) * 4096), SIGBUS);
	OK(ftruncate(fd, 10 * 4096));
	IS(touch_signal((char *)shared + 10 * 4096), SIGBUS);
	IS(touch_signal((char *)private + 20 * 4096), SIGBUS);
	IS(touch_signal((char *)shared + 9 * 4096), 0);
	OK(ftruncate(fd, 80 * 4096));
	IS(shared[20 * 4096], 0);
	OK(msync(shared, len, MS_SYNC));
	OK(msync(shared, len, MS_ASYNC | MS_INVALIDATE));
	OK(mincore(shared, len, vec));
	OK(madvise(shared, len, MADV_DONTNEED));
	IS(shared[7000], 3);
	OK(mlock(shared, 4096));
	OK(madvise(private, len, MADV_DONTNEED));
	IS(private[5000], pattern(5000));
	OK(munmap(shared, len));
	OK(munmap(private, len));
	ro = (int)OK(open("file", O_RDONLY | O_CLOEXEC));
	FAILS(EACCES, mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED ? -1 : 0);
	shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ro, 0);
	FAILS(EACCES, mprotect(shared, 4096, PROT_READ | PROT_WRITE));
	/* The file may go: the mapping stays. */
	OK(unlink("file"));
	close(ro);
	IS(shared[100], pattern(100));
	close(fd);
	fd = (int)OK(open("dir", O_RDONLY | O_CLOEXEC));
	FAILS(ENODEV, mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0);
	close(fd);
}
