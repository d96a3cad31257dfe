// SPDX-License-Identifier: Apache-2.0
#include "jit.h"

#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/vfsctl.h"

#define EXCEPTIONS "/sys/fs/bpf/execguard/jit" /* inode numbers of programs */

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int must_be_installed(const char *path, struct err *e)
{
	struct visorfs_provider p;

	if (vfs_provider(path, &p, e) < 0)
		return -1;
	if (!p.tardisk[0] || p.flags & VISORFS_FILE_BRANCHED)
		return err_set(e, ERR_DENIED,
			       "%s: only an unchanged file of a tardisk may ask for 'jit'", path);
	return 0;
}

int jit_allow(const char *dir, const struct world_conf *c, struct err *e)
{
	union bpf_attr get = { .pathname = (uintptr_t)EXCEPTIONS };
	union bpf_attr update = { .flags = BPF_ANY };
	_cleanup_close_ int map = -1;
	char conf[PATH_MAX];
	uint64_t inode;
	uint8_t one = 1;
	struct stat st;

	if (!c->jit[0] || access(EXCEPTIONS, F_OK) < 0)
		return 0;
	snprintf(conf, sizeof(conf), "%s/%s.conf", dir, c->name);
	if (must_be_installed(conf, e) < 0 || must_be_installed(c->jit, e) < 0)
		return -1;
	if (stat(c->jit, &st) < 0)
		return err_sys(e, errno, "%s", c->jit);
	map = bpf(BPF_OBJ_GET, &get);
	inode = st.st_ino;
	update.map_fd = (uint32_t)map;
	update.key = (uintptr_t)&inode;
	update.value = (uintptr_t)&one;
	if (map < 0 || bpf(BPF_MAP_UPDATE_ELEM, &update) < 0)
		return err_sys(e, errno, "%s: let %s generate code", EXCEPTIONS, c->jit);
	return 0;
}
