// SPDX-License-Identifier: Apache-2.0
#include "scan.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "userworld/lib/cgroup.h"
#include "userworld/lib/cleanup.h"

#define DEPTH_MAX 8 /* of pools; deeper groups are a world's own business */
#define DIRENT_BYTES 2048

struct scan {
	struct candidate *list;
	size_t count, max;
};

/* The kernel's form; readdir(3) would allocate. */
struct kernel_dirent {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

static void measure(int group, struct candidate *c)
{
	char text[8192];
	uint64_t shmem = 0;

	c->total = c->anon = c->kernel = c->files = 0;
	cgroup_read_u64(group, "memory.current", &c->total, NULL);
	if (cgroup_read(group, "memory.stat", text, sizeof(text), NULL) < 0)
		return;
	flat_key(text, "anon", &c->anon);
	flat_key(text, "kernel", &c->kernel);
	flat_key(text, "file", &c->files);
	flat_key(text, "shmem", &shmem);
	/* Shared memory of processes goes with them; the kernel counts it as files. */
	if (c->files >= shmem) {
		c->files -= shmem;
		c->anon += shmem;
	}
}

static void visit(struct scan *s, int group, const char *pool)
{
	struct candidate *c = &s->list[s->count];
	bool essential;

	if (s->count == s->max || !cgroup_world(group, c->name, &essential) || essential ||
	    cgroup_populated(group, NULL) <= 0)
		return;
	snprintf(c->pool, sizeof(c->pool), "%s", pool);
	measure(group, c);
	s->count++;
}

static void walk(struct scan *s, int root, const char *pool, int depth)
{
	_cleanup_close_ int group = cgroup_open(root, pool, NULL);
	char space[DIRENT_BYTES] __attribute__((aligned(8)));
	long n;

	if (group < 0)
		return;
	visit(s, group, pool);
	if (depth == DEPTH_MAX)
		return;
	while ((n = syscall(SYS_getdents64, group, space, sizeof(space))) > 0) {
		for (long at = 0; at < n;) {
			struct kernel_dirent *d = (struct kernel_dirent *)(space + at);
			char path[CGROUP_PATH_MAX + 1];

			at += d->reclen;
			if (d->type != DT_DIR || d->name[0] == '.')
				continue;
			if (snprintf(path, sizeof(path), "%s/%s", pool, d->name) <
			    (int)sizeof(path))
				walk(s, root, path, depth + 1);
		}
	}
}

size_t scan_candidates(int root, const char *top, struct candidate *list, size_t max)
{
	struct scan s = { .list = list, .max = max };

	walk(&s, root, top, 0);
	return s.count;
}
