// SPDX-License-Identifier: Apache-2.0
/* Locks are flock(2) on files below /run: the kernel drops them with their owner. */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "internal.h"

#define PAUSE_MS 50

static int take(const char *name, int how, struct err *e)
{
	char path[CORE_PATH_MAX], dir[CORE_PATH_MAX];
	_cleanup_close_ int fd = -1;

	if (core_path(path, e, CORE_RUN, "%s", name) < 0)
		return -1;
	memcpy(dir, path, sizeof(dir));
	if (file_make_dirs(dirname(dir), e) < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	while (flock(fd, how) < 0) {
		if (errno == EWOULDBLOCK)
			return err_set(e, ERR_CONFLICT, "%s: held by another process", path);
		if (errno != EINTR)
			return err_sys(e, errno, "%s: lock", path);
	}
	return steal_fd(&fd);
}

int core_lock(const char *name, struct err *e)
{
	return take(name, LOCK_EX, e);
}

int core_trylock(const char *name, struct err *e)
{
	return take(name, LOCK_EX | LOCK_NB, e);
}

int core_lock_within(const char *name, unsigned int ms, struct err *e)
{
	struct err held = ERR_INIT;
	int lock;

	while ((lock = core_trylock(name, &held)) < 0 && held.kind == ERR_CONFLICT && ms) {
		unsigned int pause = ms < PAUSE_MS ? ms : PAUSE_MS;

		usleep(pause * 1000);
		ms -= pause;
	}
	if (lock < 0 && e)
		*e = held;
	return lock;
}
