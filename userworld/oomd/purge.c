// SPDX-License-Identifier: Apache-2.0
/* Ramdisks that hold nothing of worth are emptied before a userworld is ended. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "reclaim.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/file.h"
#include "userworld/lib/human.h"
#include "userworld/lib/log.h"

#define DEPTH_MAX 16
#define DIRENT_BYTES 2048
#define RAMDISKS "/sys/fs/visorfs/0/ramdisks"

/* The kernel's form; readdir(3) would allocate. */
struct kernel_dirent {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

struct purge {
	const char *sysroot;
	bool dry;
	uint64_t files, bytes;
};

static int ramdisk_path(const struct purge *p, const char *name, char path[static PATH_MAX])
{
	char file[PATH_MAX];

	snprintf(file, sizeof(file), "%s%s/%s/path", p->sysroot, RAMDISKS, name);
	return file_read_at(AT_FDCWD, file, path, PATH_MAX, NULL) > 0 && path[0] == '/' ? 0 : -1;
}

/* The top of another ramdisk has its own say about being purged. */
static bool is_ramdisk(const struct purge *p, const char *path)
{
	char space[DIRENT_BYTES] __attribute__((aligned(8)));
	char all[PATH_MAX], other[PATH_MAX];
	_cleanup_close_ int dir = -1;
	long n;

	snprintf(all, sizeof(all), "%s%s", p->sysroot, RAMDISKS);
	dir = open(all, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (dir >= 0 && (n = syscall(SYS_getdents64, dir, space, sizeof(space))) > 0) {
		for (long at = 0; at < n;) {
			struct kernel_dirent *d = (struct kernel_dirent *)(space + at);

			at += d->reclen;
			if (d->name[0] != '.' && ramdisk_path(p, d->name, other) == 0 &&
			    !strcmp(other, path))
				return true;
		}
	}
	return false;
}

static void purge_file(struct purge *p, int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
		return;
	if (!p->dry && unlinkat(dir, name, 0) < 0)
		return;
	p->files++;
	p->bytes += (uint64_t)st.st_blocks * 512;
}

static void purge_dir(struct purge *p, int above, const char *name, const char *path, int depth)
{
	char space[DIRENT_BYTES] __attribute__((aligned(8)));
	_cleanup_close_ int dir =
		openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char below[PATH_MAX];
	long n;

	if (dir < 0 || depth == DEPTH_MAX)
		return;
	while ((n = syscall(SYS_getdents64, dir, space, sizeof(space))) > 0) {
		for (long at = 0; at < n;) {
			struct kernel_dirent *d = (struct kernel_dirent *)(space + at);

			at += d->reclen;
			if (!strcmp(d->name, ".") || !strcmp(d->name, ".."))
				continue;
			if (d->type == DT_REG)
				purge_file(p, dir, d->name);
			else if (d->type == DT_DIR &&
				 snprintf(below, sizeof(below), "%s/%s", path, d->name) <
					 (int)sizeof(below) &&
				 !is_ramdisk(p, below))
				purge_dir(p, dir, d->name, below, depth + 1);
		}
	}
}

uint64_t purge_ramdisks(const struct oom_settings *s, const char *sysroot, bool dry)
{
	uint64_t files = 0;

	for (unsigned int i = 0; i < s->purge_count; i++) {
		struct purge p = { .sysroot = sysroot, .dry = dry };
		char path[PATH_MAX], size[HUMAN_MAX];

		if (ramdisk_path(&p, s->purge[i], path) < 0 || !strcmp(path, "/"))
			continue;
		purge_dir(&p, AT_FDCWD, path, path, 0);
		if (!p.files)
			continue;
		human_size(p.bytes, size);
		if (dry)
			log_warnx("ramdisk %s would be purged: %" PRIu64 " files, %s", s->purge[i],
				  p.files, size);
		else
			log_event(EVENT_OOM_PURGED,
				  EVENT_WITH(EVENT_STR("ramdisk", s->purge[i]),
					     EVENT_NUM("files", p.files),
					     EVENT_NUM("bytes", p.bytes)),
				  "ramdisk %s was purged: %" PRIu64 " files, %s", s->purge[i],
				  p.files, size);
		files += p.files;
	}
	return files;
}
