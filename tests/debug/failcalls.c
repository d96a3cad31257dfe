// SPDX-License-Identifier: Apache-2.0
/* failnth's calls of the file system under test. */
#include <errno.h>
#include <fcntl.h>
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

int do_switch(const char *attach, const char *detach, unsigned int flags)
{
	struct visorfs_attach in = { .fd = -1 };
	struct visorfs_detach out = { .flags = flags };
	struct visorfs_switch sw = { .size = sizeof(sw),
				     .attach_count = !!attach,
				     .detach_count = !!detach,
				     .attach = (uintptr_t)&in,
				     .detach = (uintptr_t)&out };
	int fd = open(MNT, O_RDONLY | O_CLOEXEC), ret = -errno;

	if (fd < 0)
		return ret;
	if (attach) {
		snprintf(in.name, sizeof(in.name), "%s", strrchr(attach, '/') + 1);
		in.fd = open(attach, O_RDONLY | O_CLOEXEC);
		in.flags = compressed() ? VISORFS_ATTACH_COMPRESSED : 0;
	}
	if (detach)
		snprintf(out.name, sizeof(out.name), "%s", strrchr(detach, '/') + 1);
	ret = attach && in.fd < 0 ? -errno : sys(ioctl(fd, VISORFS_IOC_SWITCH, &sw));
	if (in.fd >= 0)
		close(in.fd);
	close(fd);
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
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = sys(ioctl(fd, cmd, &a));
	close(fd);
	return ret;
}

int drop_ramdisk(void)
{
	struct visorfs_ramdisk_name a = { .size = sizeof(a), .name = "rd" };
	int fd = open(MNT, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = sys(ioctl(fd, VISORFS_IOC_RAMDISK_REMOVE, &a));
	close(fd);
	return ret;
}
