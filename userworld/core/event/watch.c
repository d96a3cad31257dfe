// SPDX-License-Identifier: Apache-2.0
/* Waiting for events, without looking again and again. */
#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "store.h"
#include "userworld/core/internal.h"
#include "userworld/vmklogger/spool.h"

/*
 * The folder, not the file: that is made anew when it is damaged. Readers write nothing, so a
 * look is no news.
 */
int event_watch_open(struct err *e)
{
	_cleanup_close_ int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	char path[CORE_PATH_MAX], spool[CORE_PATH_MAX];
	char *dir;

	if (fd < 0)
		return err_sys(e, errno, "inotify");
	if (event_store_path(path, e) < 0 || core_path(spool, e, CORE_RUN, SPOOL_FILE) < 0)
		return -1;
	dir = dirname(path);
	if (file_make_dirs(dir, e) < 0)
		return -1;
	if (inotify_add_watch(fd, dir, IN_MODIFY) < 0)
		return err_sys(e, errno, "%s: watch", dir);
	/* Without the logger there are only the events that are in the store at once. */
	if (inotify_add_watch(fd, spool, IN_MODIFY) < 0 && errno != ENOENT)
		return err_sys(e, errno, "%s: watch", spool);
	return steal_fd(&fd);
}

void event_watch_clear(int fd)
{
	char news[4096];

	while (read(fd, news, sizeof(news)) > 0)
		;
}

int event_wait(json_int_t since, int limit, int milliseconds, json_t **rows, struct err *e)
{
	const struct event_filter filter = { .follow = true, .since = since, .limit = limit };
	json_int_t end = event_uptime() + milliseconds;
	_cleanup_close_ int fd = event_watch_open(e);
	json_int_t left;

	if (fd < 0)
		return -1;
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		event_watch_clear(fd);
		if (event_list(&filter, rows, e) < 0)
			return -1;
		left = end - event_uptime();
		if (json_array_size(*rows) || left <= 0)
			return 0;
		json_decref(*rows);
		*rows = NULL;
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return err_sys(e, errno, "poll");
	}
}
