// SPDX-License-Identifier: Apache-2.0
/* failnth's look at what ramdisks hold, in use and when all was removed. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "failnth.h"
#include "visorfs/uapi/visorfs.h"

static const char *const tardisks[] = { ONE, TWO, PROG };

#define TARDISKS (sizeof(tardisks) / sizeof(tardisks[0]))

/* Of each set of tardisks, a bit for each: different names. */
static long names[1 << TARDISKS];

struct use get_use(void)
{
	static const char *const tops[] = { MNT, MNT "/rd" };
	struct use use = { 0, 0, 0 };
	struct statfs fs;
	long last = -1;

	for (size_t i = 0; i < 2; i++) {
		if (statfs(tops[i], &fs) || (long)fs.f_blocks == last)
			continue;
		last = (long)fs.f_blocks;
		use.pages += (long)(fs.f_blocks - fs.f_bfree);
		use.inodes += (long)(fs.f_files - fs.f_ffree);
		if (i)
			use.rd = (long)(fs.f_blocks - fs.f_bfree + fs.f_files - fs.f_ffree);
	}
	return use;
}

/* Counts the names below path; removes them if it is told to. */
static long walk(const char *path, int remove_them)
{
	DIR *dir = opendir(path);
	char sub[PATH_MAX];
	struct dirent *d;
	long n = 0;

	while (dir && (d = readdir(dir))) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		snprintf(sub, sizeof(sub), "%.2000s/%s", path, d->d_name);
		n += 1 + (d->d_type == DT_DIR ? walk(sub, remove_them) : 0);
		if (remove_them && remove(sub) && errno != EBUSY)
			problem("cannot remove %s: %s", sub, strerror(errno));
	}
	if (dir)
		closedir(dir);
	return n;
}

void count_names(void)
{
	for (unsigned int set = 0; set < 1 << TARDISKS; set++) {
		if (mount_it() || (!(set & 1) && do_switch(NULL, ONE, 0)))
			problem("cannot count names");
		for (size_t i = 1; i < TARDISKS; i++)
			if (set & 1 << i && do_switch(tardisks[i], NULL, 0))
				problem("cannot attach %s", tardisks[i]);
		names[set] = walk(MNT, 0);
		umount(MNT);
	}
}

void check_invariants(void)
{
	struct visorfs_check c = { .size = sizeof(c) };
	int ret = do_ioctl(MNT, VISORFS_IOC_CHECK, &c);

	if (ret)
		problem("cannot check invariants: %s", strerror(-ret));
	else if (c.violations)
		problem("%u invariants are violated: %s", c.violations, c.message);
}

static unsigned int detach_all(void)
{
	unsigned int set = 0;

	for (size_t i = 0; i < TARDISKS; i++) {
		int ret = do_switch(NULL, tardisks[i], 0);

		if (!ret)
			set |= 1u << i;
		else if (ret != -ENOENT)
			problem("cannot detach %s: %s", tardisks[i], strerror(-ret));
	}
	return set;
}

/*
 * Of a tardisk's names a record stays that they were deleted, also below a
 * directory that was deleted: made again, it must be empty. They go when it goes.
 */
void check_empty(int rooted)
{
	unsigned int set;
	struct use use;

	/* The top of a ramdisk can only go after its ramdisk. */
	walk(MNT, 1);
	drop_ramdisk();
	walk(MNT, 1);
	check_invariants();
	use = get_use();
	set = detach_all();
	use.pages -= rooted;
	use.inodes -= rooted;
	if (use.pages || use.inodes != names[set])
		problem("all is removed, %ld pages %ld inodes are in use, not 0 %ld", use.pages,
			use.inodes, names[set]);
	use = get_use();
	if (use.pages != rooted || use.inodes != rooted)
		problem("all is detached, %ld pages %ld inodes are in use", use.pages, use.inodes);
}
