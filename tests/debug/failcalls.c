// SPDX-License-Identifier: Apache-2.0
/* failnth's calls of the file system under test. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "failnth.h"
#include "visorfs/uapi/visorfs.h"

int sys(long ret)
{
	return ret < 0 ? -errno : 0;
}

/* COMPRESSED in the environment: tardisks stay so. */
static int compressed(void)
{
	return getenv("COMPRESSED") != NULL;
}

int do_ioctl(const char *path, unsigned long cmd, void *arg)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = sys(ioctl(fd, cmd, arg));
	close(fd);
	return ret;
}

static int run_switch(struct visorfs_attach *in, struct visorfs_detach *out)
{
	struct visorfs_switch sw = { .size = sizeof(sw),
				     .attach_count = !!in,
				     .detach_count = !!out,
				     .attach = (uintptr_t)in,
				     .detach = (uintptr_t)out,
				     .attach_size = sizeof(*in),
				     .detach_size = sizeof(*out) };

	return do_ioctl(MNT, VISORFS_IOC_SWITCH, &sw);
}

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

int do_switch(const char *attach, const char *detach, unsigned int flags)
{
	struct visorfs_attach in = { .flags = compressed() ? VISORFS_ATTACH_COMPRESSED : 0 };
	struct visorfs_detach out = { .flags = flags };
	int ret;

	if (detach)
		snprintf(out.name, sizeof(out.name), "%s", name_of(detach));
	if (!attach)
		return run_switch(NULL, &out);
	snprintf(in.name, sizeof(in.name), "%s", name_of(attach));
	in.fd = open(attach, O_RDONLY | O_CLOEXEC);
	if (in.fd < 0)
		return -errno;
	ret = run_switch(&in, detach ? &out : NULL);
	close(in.fd);
	return ret;
}

int attach_with(const char *path, unsigned int flags, const unsigned char *hash)
{
	struct visorfs_attach in = { .flags = flags |
					      (compressed() ? VISORFS_ATTACH_COMPRESSED : 0) };
	int ret;

	snprintf(in.name, sizeof(in.name), "%s", name_of(path));
	if (hash)
		memcpy(in.root_hash, hash, sizeof(in.root_hash));
	in.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (in.fd < 0)
		return -errno;
	ret = run_switch(&in, NULL);
	close(in.fd);
	return ret;
}

int mount_it(void)
{
	return sys(mount("none", MNT, "visorfs", 0,
			 compressed() ? "max=32m,inodes=1000,packed=" ONE
				      : "max=32m,inodes=1000,tardisk=" ONE));
}

int ramdisk(unsigned long cmd, const char *dir, unsigned long long max)
{
	struct visorfs_ramdisk_args a = {
		.size = sizeof(a), .max_bytes = max, .max_inodes = 100, .name = "rd"
	};

	return do_ioctl(dir, cmd, &a);
}

int drop_ramdisk(void)
{
	struct visorfs_ramdisk_name a = { .size = sizeof(a), .name = "rd" };

	return do_ioctl(MNT, VISORFS_IOC_RAMDISK_REMOVE, &a);
}

int sysfs_path(const char *name, char *path, size_t size)
{
	struct visorfs_info info = { .size = sizeof(info) };
	int ret = do_ioctl(MNT, VISORFS_IOC_INFO, &info);

	if (!ret)
		snprintf(path, size, "/sys/fs/visorfs/%u/%s", info.instance, name);
	return ret;
}

int sysfs_write(const char *name, const char *text)
{
	char path[PATH_MAX];
	int ret = sysfs_path(name, path, sizeof(path)), fd;

	if (ret)
		return ret;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}
