// SPDX-License-Identifier: Apache-2.0
#include "init.h"

#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"

#define SAFE (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* /run, /tmp and /var are directories of visorfs: what they hold has a cap there. */
static const struct {
	const char *type;
	const char *target;
	unsigned long flags;
	const char *options;
	long magic;
} mounts[] = {
	{ "proc", "/proc", SAFE, NULL, PROC_SUPER_MAGIC },
	{ "sysfs", "/sys", SAFE, NULL, SYSFS_MAGIC },
	{ "devtmpfs", "/dev", MS_NOSUID | MS_NOEXEC, "mode=0755", TMPFS_MAGIC },
	{ "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=0620,ptmxmode=0666",
	  DEVPTS_SUPER_MAGIC },
	/* Reservations of a pool protect what is below it, too. */
	{ "cgroup2", "/sys/fs/cgroup", SAFE, "memory_recursiveprot", CGROUP2_SUPER_MAGIC },
};

/* Stage 0 may have moved some of them here. */
static bool is_there(const char *target, long magic)
{
	struct statfs st;

	return statfs(target, &st) == 0 && st.f_type == magic;
}

void mount_all(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		if (is_there(mounts[i].target, mounts[i].magic))
			continue;
		if (mkdir(mounts[i].target, 0755) < 0 && errno != EEXIST)
			log_warn("%s: mkdir", mounts[i].target);
		if (mount(mounts[i].type, mounts[i].target, mounts[i].type, mounts[i].flags,
			  mounts[i].options) < 0)
			log_warn("%s: mount %s", mounts[i].target, mounts[i].type);
	}
}
