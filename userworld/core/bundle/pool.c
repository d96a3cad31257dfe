// SPDX-License-Identifier: Apache-2.0
/* The pool that an install is charged to. */
#include "pool.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "log.h"

/* The pool we are in, opened; a name such as "/host/user/x" comes from the kernel. */
static int open_own(int root)
{
	char path[CORE_PATH_MAX], text[1024];

	if (core_path(path, NULL, CORE_PROC, "/proc/self/cgroup") < 0 ||
	    file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0 ||
	    strncmp(text, "0::/", 4) != 0)
		return -1;
	text[strcspn(text, "\n")] = '\0';
	if (!text[4])
		return dup(root);
	return cgroup_open(root, text + 4, NULL);
}

int bundle_pool_enter(void)
{
	_cleanup_close_ int root = -1;
	_cleanup_close_ int pool = -1;
	_cleanup_close_ int own = -1;
	char path[CORE_PATH_MAX];
	struct err e = ERR_INIT;

	if (core_path(path, &e, CORE_SYSFS, CGROUP_ROOT) < 0)
		return -1;
	root = cgroup_open_root(path, NULL);
	if (root < 0)
		return -1;
	own = open_own(root);
	if (own < 0)
		return -1;
	pool = cgroup_make(root, BUNDLE_POOL, &e);
	if (pool < 0 || cgroup_attach(pool, getpid(), &e) < 0) {
		log_warnx("this install is charged to its caller: %s", e.text);
		return -1;
	}
	return steal_fd(&own);
}

void bundle_pool_leave(int pool)
{
	struct err e = ERR_INIT;

	if (pool < 0)
		return;
	if (cgroup_attach(pool, getpid(), &e) < 0)
		log_warnx("going back from pool " BUNDLE_POOL ": %s", e.text);
	close(pool);
}
