// SPDX-License-Identifier: Apache-2.0
/*
 * Pages of a file that the kernel takes from mappings by itself: for pipes,
 * for another process's memory, for a device that reads and writes memory
 * without copying.
 */
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul
#define RUN (16 * PAGE) /* what a pipe takes */

static unsigned char buf[RUN];

static void read_all(int fd, unsigned char *to, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = read(fd, to + done, len - done);

		must(n > 0, "read of a pipe");
		done += (size_t)n;
	}
}

static void holds(const char *path, size_t at, const void *want, size_t len, const char *what)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	must(fd >= 0 && pread(fd, buf, len, (off_t)at) == (ssize_t)len, "read %s", path);
	must(!memcmp(buf, want, len), "%s: what %s wrote is not there", path, what);
	close(fd);
}

/* Pages in a pipe are the file's own: a change shows. */
static void by_pipe(const char *path)
{
	int ends[2], fd = open(path, O_RDWR | O_CLOEXEC);
	struct iovec part;
	unsigned char *map;
	size_t size;

	map = map_file(path, PROT_READ, MAP_SHARED, &size);
	must(size >= 2 * RUN && fd >= 0 && !pipe2(ends, O_CLOEXEC), "%s", path);
	part = (struct iovec){ map, RUN };
	must(vmsplice(ends[1], &part, 1, 0) == RUN, "vmsplice");
	must(pwrite(fd, "changed", 7, 0) == 7, "write %s", path);
	read_all(ends[0], buf, RUN);
	must(!memcmp(buf, map, RUN) && !memcmp(map, "changed", 7), "vmsplice: other bytes");
	munmap(map, size);
	close(ends[0]);
	close(ends[1]);
	close(fd);
}

/* Another process reads and writes our mappings. */
static void by_process(const char *path)
{
	static const char text[] = "written from outside";
	struct iovec here, there;
	unsigned char *map;
	size_t size;
	pid_t child;

	map = map_file(path, PROT_READ | PROT_WRITE, MAP_SHARED, &size);
	child = fork(); /* has the same mapping, with no page of it yet */
	if (!child)
		for (;;)
			pause();
	here = (struct iovec){ buf, RUN };
	there = (struct iovec){ map + RUN, RUN };
	must(process_vm_readv(child, &here, 1, &there, 1, 0) == RUN, "process_vm_readv");
	must(!memcmp(buf, map + RUN, RUN), "process_vm_readv: other bytes");
	here = (struct iovec){ (void *)text, sizeof(text) };
	there = (struct iovec){ map + RUN + PAGE - 5, sizeof(text) };
	must(process_vm_writev(child, &here, 1, &there, 1, 0) == sizeof(text), "process_vm_writev");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	holds(path, RUN + PAGE - 5, text, sizeof(text), "process_vm_writev");
	munmap(map, size);
}

int topic_gup(char **words)
{
	by_pipe(words[0]);
	by_process(words[0]);
	printf("alike\n");
	return 0;
}

/*
 * A block device reads from a mapping of the file and writes into another,
 * with nothing copied between.
 */
int topic_direct(char **words)
{
	int fd = open(words[1], O_RDWR | O_DIRECT | O_CLOEXEC);
	unsigned char *from, *to;
	size_t size;

	from = map_file(words[0], PROT_READ, MAP_PRIVATE, &size);
	to = map_file(words[0], PROT_READ | PROT_WRITE, MAP_SHARED, &size);
	must(fd >= 0 && size >= 2 * RUN, "%s", words[1]);
	must(pwrite(fd, from, RUN, 0) == RUN, "write %s", words[1]);
	must(pread(fd, to + RUN, RUN, 0) == RUN, "read %s", words[1]);
	holds(words[0], RUN, from, RUN, "the device");
	must(!memcmp(to + RUN, from, RUN), "the mapping has other bytes than the file");
	printf("alike\n");
	return 0;
}
