// SPDX-License-Identifier: Apache-2.0
/* failnth's operations on tardisks, versions and ramdisks. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "failnth.h"
#include "visorfs/uapi/visorfs.h"

static unsigned char root_hash[VISORFS_HASH_SIZE];

/* Attaches TWO once, and keeps its root hash. */
static int learn_hash(void)
{
	char path[PATH_MAX], hex[2 * VISORFS_HASH_SIZE + 2];
	int ret = do_switch(TWO, NULL, 0)
			  ?: sysfs_path("tardisks/two.v00/root_hash", path, sizeof(path)),
	    fd;

	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = read(fd, hex, sizeof(hex)) < 2 * VISORFS_HASH_SIZE ? -EBADMSG : 0;
	close(fd);
	for (size_t i = 0; i < VISORFS_HASH_SIZE; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &root_hash[i]) != 1)
			return -EBADMSG;
	return ret ?: do_switch(NULL, TWO, 0);
}

/* What holds big while its tardisk is taken away by force. */
static int held = -1;
static char *held_map;

static int hold_big(void)
{
	held = open(MNT "/big", O_RDONLY | O_CLOEXEC);
	return held < 0 ? -errno : 0;
}

static int map_big(void)
{
	int ret = hold_big();

	if (ret)
		return ret;
	held_map = mmap(NULL, BIG_SIZE, PROT_READ, MAP_PRIVATE, held, 0);
	return held_map == MAP_FAILED || !held_map[PLACE] ? -errno : 0;
}

static int change_and_hold_big(void)
{
	return change_big() ?: hold_big();
}

static int held_is_pristine(void)
{
	int ret = big_fd_is_pristine(held);

	close(held);
	return ret;
}

static int map_is_pristine(void)
{
	int ret = held_is_pristine();

	/* buffer has what was read just now. */
	if (!ret && memcmp(held_map, buffer, BIG_SIZE) != 0)
		ret = -EBADMSG;
	munmap(held_map, BIG_SIZE);
	return ret;
}

static int held_is_gone(void)
{
	close(held);
	return exists(MNT "/big") == -ENOENT ? 0 : -EBADMSG;
}

/* Who is told of a switch. */
static int notify = -1;

static int watch(void)
{
	notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (notify < 0 || inotify_add_watch(notify, MNT "/etc", IN_ALL_EVENTS) < 0 ||
	    inotify_add_watch(notify, MNT, IN_CREATE | IN_DELETE) < 0 ||
	    inotify_add_watch(notify, MNT "/big", IN_ALL_EVENTS) < 0)
		return -errno;
	return 0;
}

static int close_watch(void)
{
	return sys(close(notify));
}

static int version(const char *name, unsigned int index, unsigned int flags,
		   struct visorfs_version *v)
{
	memset(v, 0, sizeof(*v));
	v->size = sizeof(*v);
	v->flags = flags;
	v->index = index;
	snprintf(v->path, sizeof(v->path), "%s", name);
	return do_ioctl(MNT, VISORFS_IOC_VERSION, v);
}

/* Reads the shipped version of a changed file. */
static int read_version(void)
{
	static struct visorfs_version v;
	int ret = version("big", 0, VISORFS_VERSION_OPEN, &v);

	if (ret)
		return ret;
	ret = sys(pread(v.fd, buffer, BIG_SIZE, 0)) ?: big_fd_is_pristine(v.fd);
	close(v.fd);
	return ret == -EBADMSG ? -ENOMEM : ret; /* a short read says why when it is continued */
}

static int list_versions(void)
{
	static struct visorfs_version v;
	int ret = version("etc/a", 0, 0, &v);

	if (!ret && !(v.flags & VISORFS_VERSION_DELETED))
		return -EBADMSG;
	return ret ?: version("etc/a", 1, 0, &v) ?: strcmp(v.tardisk, "two.v00") ? -EBADMSG : 0;
}

static int two_and_deleted(void)
{
	return do_switch(TWO, NULL, 0) ?: sys(unlink(MNT "/etc/a"));
}

static int check_it(void)
{
	struct visorfs_check c = { .size = sizeof(c) };
	int ret = do_ioctl(MNT, VISORFS_IOC_CHECK, &c);

	return ret ?: c.violations ? -EBADMSG : 0;
}

static int change_state(void)
{
	return with_fd(MNT "/etc/state", O_WRONLY, write_text) ?: sys(unlink(MNT "/etc/a"));
}

static int list_state(void)
{
	static struct visorfs_state st;
	int fd = open(MNT, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret, n = 0;

	if (fd < 0)
		return -errno;
	memset(&st, 0, sizeof(st));
	st.size = sizeof(st);
	while (!(ret = sys(ioctl(fd, VISORFS_IOC_STATE_NEXT, &st))))
		n += !strcmp(st.path, "/etc/state");
	close(fd);
	return ret != -ENOENT ? ret : n == 1 ? 0 : -EBADMSG;
}

static int resize(unsigned long long max)
{
	return ramdisk(VISORFS_IOC_RAMDISK_RESIZE, MNT, max);
}

static int resize_ramdisk(void)
{
	return resize(4ULL * MIB);
}

static int shrink_ramdisk(void)
{
	return resize(MIB);
}

static int is_not_ramdisk(void)
{
	return resize(MIB) == -ENOENT ? 0 : -EBADMSG;
}

/* clang-format off */
RUN(attach, do_switch(TWO, NULL, 0))
RUN(attach_verify, attach_with(TWO, VISORFS_ATTACH_VERIFY, NULL))
RUN(attach_root, attach_with(TWO, VISORFS_ATTACH_ROOT_HASH, root_hash))
RUN(detach_keep, do_switch(NULL, ONE, 0))
RUN(detach_discard, do_switch(NULL, ONE, VISORFS_DETACH_DISCARD))
RUN(detach_force, do_switch(NULL, ONE, VISORFS_DETACH_FORCE))
RUN(detach_force_discard, do_switch(NULL, ONE, VISORFS_DETACH_FORCE | VISORFS_DETACH_DISCARD))
RUN(detach_busy, do_switch(NULL, ONE, 0) == -EBUSY ? 0 : -errno)
RUN(replace, do_switch(TWO, ONE, VISORFS_DETACH_DISCARD))

static int change_big_and_watch(void)
{
	return change_big() ?: watch();
}

CHECK(two, starts(MNT "/etc/a", "two") ?: exists(MNT "/opt/two/file"))
CHECK(only_two, starts(MNT "/etc/a", "two") ?: exists(MNT "/big") == -ENOENT ? 0 : -EBADMSG)
CHECK(gone, exists(MNT "/big") == -ENOENT ? 0 : -EBADMSG)
CHECK(two_watched, close_watch() ?: check_two())
CHECK(only_two_watched, close_watch() ?: check_only_two())

const struct op switch_ops[] = {
	{ "attach", NULL, run_attach, check_two, 0 },
	{ "attach-uncached", NULL, run_attach, check_two, UNCACHED },
	{ "attach-verify", NULL, run_attach_verify, check_two, 0 },
	{ "attach-root-hash", learn_hash, run_attach_root, check_two, 0 },
	{ "attach-watched", watch, run_attach, check_two_watched, 0 },
	{ "detach-keep", change_big, run_detach_keep, big_written, 0 },
	{ "detach-discard", change_big, run_detach_discard, check_gone, 0 },
	{ "detach-open", hold_big, run_detach_force, held_is_pristine, 0 },
	{ "detach-mapped", map_big, run_detach_force, map_is_pristine, 0 },
	{ "detach-open-branch", change_and_hold_big, run_detach_force_discard, held_is_gone, 0 },
	{ "detach-busy", hold_big, run_detach_busy, held_is_pristine, 0 },
	{ "replace", change_big, run_replace, check_only_two, 0 },
	{ "replace-watched", change_big_and_watch, run_replace, check_only_two_watched, 0 },
	{ "versions", two_and_deleted, list_versions, NULL, 0 },
	{ "version-open", change_big, read_version, NULL, 0 },
	{ "check", change_big, check_it, NULL, 0 },
	{ "ramdisk-add", make_ramdisk_dir, add_ramdisk, NULL, 0 },
	{ "ramdisk-resize", file_in_ramdisk, resize_ramdisk, NULL, 0 },
	{ "ramdisk-shrink", file_in_ramdisk, shrink_ramdisk, NULL, 0 },
	{ "ramdisk-remove", make_ramdisk, drop_ramdisk, is_not_ramdisk, 0 },
	{ "state-next", change_state, list_state, NULL, 0 },
	{ "mount", NULL, mount_it, big_pristine, UNMOUNTED },
	{ NULL },
};
