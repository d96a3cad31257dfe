// SPDX-License-Identifier: Apache-2.0
/*
 * ramtool COMMAND...: what it takes to fill a ramdisk in every way there is.
 *
 *	links FILE N NAMELEN		hard links of FILE beside it, until one is refused
 *	xattr FILE NAME BYTES		sets an attribute; BYTES -1 removes it
 *	getxattr FILE NAME		prints its length
 *	readmap FILE shared|private|rw	reads every page of a mapping
 *	storemap FILE PAGE		stores a byte into a page that was read before
 *	fallocate FILE OFFSET LEN [keep]	keep: the file's size
 *	race DIR WRITERS SECONDS	all of it at once; ends when every writer met the cap
 *	poll FILE SECONDS		waits until a sysfs file changes
 *	hog MIB				takes memory, by and by, and keeps it until it is killed
 *
 * Exit 0, or 1 with the error's name on standard output: "ENOSPC".
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096

static int fail(void)
{
	printf("%s\n", strerrorname_np(errno));
	return 1;
}

static int links(const char *file, long n, int len)
{
	char name[4096];

	for (long i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s.%0*ld", file, len, i);
		if (link(file, name))
			return fail();
	}
	return 0;
}

static int xattr(const char *file, const char *name, long bytes)
{
	char *value = calloc(1, 65537);

	if (bytes < 0)
		return removexattr(file, name) ? fail() : 0;
	return setxattr(file, name, value, (size_t)bytes, 0) ? fail() : 0;
}

static int getxattr_length(const char *file, const char *name)
{
	ssize_t len = getxattr(file, name, NULL, 0);

	return len < 0 ? fail() : printf("%zd\n", len) < 0;
}

static volatile char *map_file(const char *file, int prot, int flags, size_t *size)
{
	int fd = open(file, (flags & MAP_SHARED) && prot & PROT_WRITE ? O_RDWR : O_RDONLY);
	struct stat st;
	void *map;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	*size = (size_t)st.st_size;
	map = mmap(NULL, *size, prot, flags, fd, 0);
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

static int readmap(const char *file, const char *how)
{
	bool rw = !strcmp(how, "rw");
	size_t size;
	volatile char *map = map_file(file, rw ? PROT_READ | PROT_WRITE : PROT_READ,
				      strcmp(how, "private") ? MAP_SHARED : MAP_PRIVATE, &size);
	long sum = 0;

	if (!map)
		return fail();
	for (size_t i = 0; i < size; i += PAGE)
		sum += map[i];
	printf("%ld\n", sum);
	return 0;
}

/* Another mapping and read() must see the byte where both mappings had shown a hole. */
static int storemap(const char *file, long page)
{
	size_t size, at = (size_t)page * PAGE;
	volatile char *map = map_file(file, PROT_READ | PROT_WRITE, MAP_SHARED, &size);
	volatile char *other = map_file(file, PROT_READ, MAP_SHARED, &size);
	volatile char *own = map_file(file, PROT_READ | PROT_WRITE, MAP_PRIVATE, &size);
	int fd = open(file, O_RDWR);
	char byte = 'w', got;

	if (!map || !other || !own || fd < 0)
		return fail();
	if (map[at] || other[at] || own[at] || other[at + PAGE] || own[at + PAGE])
		return puts("no hole"), 1;
	map[at] = 'x';
	if (other[at] != 'x' || own[at] != 'x' || pread(fd, &got, 1, (off_t)at) != 1 || got != 'x')
		return puts("store is not seen"), 1;
	if (pwrite(fd, &byte, 1, (off_t)(at + PAGE)) != 1)
		return fail();
	if (map[at + PAGE] != 'w' || other[at + PAGE] != 'w' || own[at + PAGE] != 'w')
		return puts("write is not seen"), 1;
	own[at + 2 * PAGE] = 'p';
	if (map[at + 2 * PAGE] || own[at + 2 * PAGE] != 'p')
		return puts("a private store leaked"), 1;
	return 0;
}

static int allocate(const char *file, const char *offset, const char *len, int mode)
{
	int fd = open(file, O_RDWR | O_CREAT, 0644);

	return fd < 0 || fallocate(fd, mode, atol(offset), atol(len)) ? fail() : 0;
}

static sigjmp_buf bus;

static void on_bus(int sig)
{
	(void)sig;
	siglongjmp(bus, 1);
}

/* Stores to holes of a sparse file until there is no page left. */
static bool store_until_full(int fd, unsigned int *seed)
{
	size_t size = 64 << 20, at = (size_t)(rand_r(seed) % 8192) * PAGE;
	volatile char *map;
	bool full = true;

	if (ftruncate(fd, (off_t)size))
		return false;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return false;
	if (!sigsetjmp(bus, 1)) {
		for (int i = 0; i < 40; i++, at = (at + 3 * PAGE) % size) {
			(void)map[(at + PAGE) % size];
			map[at] = 1;
		}
		full = false;
	}
	munmap((void *)map, size);
	return full;
}

/* One step of a writer: true if the ramdisk was full. */
static bool step(int kind, int fd, unsigned int *seed)
{
	static char buf[1 << 20];
	off_t at = (off_t)(rand_r(seed) % 8192) * PAGE;

	if (kind % 4 == 1)
		return store_until_full(fd, seed);
	if (kind % 4 == 2)
		return fallocate(fd, FALLOC_FL_KEEP_SIZE, at, 1 + rand_r(seed) % 100000) &&
		       errno == ENOSPC;
	return pwrite(fd, buf, kind % 4 ? PAGE : 1 + rand_r(seed) % sizeof(buf), at) < 0 &&
	       errno == ENOSPC;
}

static void give_back(int fd, unsigned int *seed)
{
	off_t at = (off_t)(rand_r(seed) % 8192) * PAGE;

	if (rand_r(seed) % 3)
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, 1 << 20);
	else if (ftruncate(fd, at))
		_exit(3);
}

/* Takes and gives back for some time; then takes page by page until there is none. */
static void writer(const char *dir, int number, time_t end)
{
	unsigned int seed = (unsigned int)number + 1;
	static char page[PAGE];
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/w%d", dir, number);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		_exit(2);
	signal(SIGBUS, on_bus);
	while (time(NULL) < end)
		if (step(number, fd, &seed) || !(rand_r(&seed) % 8))
			give_back(fd, &seed);
	/* A write that fails gives back what fallocate() made behind the end: nothing is there. */
	if (ftruncate(fd, 512 << 20))
		_exit(3);
	for (off_t at = 512 << 20; pwrite(fd, page, PAGE, at) == PAGE; at += PAGE)
		;
	_exit(errno == ENOSPC ? 0 : 4);
}

static int race(const char *dir, int writers, int seconds)
{
	time_t end = time(NULL) + seconds;
	int result = 0, status;

	for (int i = 0; i < writers; i++)
		if (!fork())
			writer(dir, i, end);
	while (wait(&status) > 0)
		result |= status;
	return result ? printf("a writer ended with %#x\n", result), 1 : 0;
}

static int wait_change(const char *file, int seconds)
{
	struct pollfd p = { .fd = open(file, O_RDONLY), .events = POLLPRI };
	char buf[64];

	if (p.fd < 0 || read(p.fd, buf, sizeof(buf)) < 0)
		return fail();
	puts("ready");
	fflush(stdout);
	return poll(&p, 1, seconds * 1000) == 1 ? puts("changed"), 0 : 1;
}

static int hog(long mib)
{
	for (long i = 0; i < mib; i++) {
		char *p = malloc(1 << 20);

		if (!p)
			return fail();
		memset(p, 1, 1 << 20);
	}
	puts("held");
	fflush(stdout);
	return pause();
}

int main(int argc, char **argv)
{
	const char *cmd = argc > 1 ? argv[1] : "";
	char **a = argv + 2;

	if (!strcmp(cmd, "links") && argc == 5)
		return links(a[0], atol(a[1]), atoi(a[2]));
	if (!strcmp(cmd, "xattr") && argc == 5)
		return xattr(a[0], a[1], atol(a[2]));
	if (!strcmp(cmd, "getxattr") && argc == 4)
		return getxattr_length(a[0], a[1]);
	if (!strcmp(cmd, "readmap") && argc == 4)
		return readmap(a[0], a[1]);
	if (!strcmp(cmd, "storemap") && argc == 4)
		return storemap(a[0], atol(a[1]));
	if (!strcmp(cmd, "fallocate") && argc == 5)
		return allocate(a[0], a[1], a[2], 0);
	if (!strcmp(cmd, "fallocate") && argc == 6 && !strcmp(a[3], "keep"))
		return allocate(a[0], a[1], a[2], FALLOC_FL_KEEP_SIZE);
	if (!strcmp(cmd, "race") && argc == 5)
		return race(a[0], atoi(a[1]), atoi(a[2]));
	if (!strcmp(cmd, "poll") && argc == 4)
		return wait_change(a[0], atoi(a[1]));
	if (!strcmp(cmd, "hog") && argc == 3)
		return hog(atol(a[0]));
	fprintf(stderr, "usage: ramtool COMMAND...\n");
	return 2;
}
