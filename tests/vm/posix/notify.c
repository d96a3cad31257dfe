// SPDX-License-Identifier: Apache-2.0
/* What inotify and fanotify tell watchers of files and directories. */
#include <sys/fanotify.h>
#include <sys/inotify.h>

#include "posix.h"

static int watcher;

/* The events since the last call, one bit each; names are checked on the way. */
static uint32_t events(const char *name)
{
	char buf[8192] __attribute__((aligned(8)));
	uint32_t mask = 0;
	ssize_t n;

	while ((n = read(watcher, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n;) {
			struct inotify_event *e = (struct inotify_event *)p;

			mask |= e->mask & ~(uint32_t)IN_ISDIR;
			if (name && e->len && strcmp(e->name, name))
				mask |= 1u << 31;
			p += sizeof(*e) + e->len;
		}
	}
	return mask;
}

static int write_to(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = write(fd, "x", 1);

	close(fd);
	return n == 1 ? 0 : -1;
}

static void in_directory(void)
{
	int wd = (int)OK(inotify_add_watch(watcher, "dir", IN_ALL_EVENTS));

	OK(make("dir/n", 0644));
	IS(events("n"), IN_CREATE | IN_OPEN | IN_CLOSE_WRITE);
	OK(write_to("dir/n"));
	IS(events("n"), IN_OPEN | IN_MODIFY | IN_CLOSE_WRITE);
	OK(chmod("dir/n", 0600));
	IS(events("n"), IN_ATTRIB);
	OK(rename("dir/n", "void/n"));
	IS(events("n"), IN_MOVED_FROM);
	OK(rename("void/n", "dir/m"));
	IS(events("m"), IN_MOVED_TO);
	OK(unlink("dir/m"));
	IS(events("m"), IN_DELETE);
	OK(mkdir("dir/d", 0755));
	IS(events("d"), IN_CREATE);
	OK(rmdir("dir/d"));
	IS(events("d"), IN_DELETE);
	OK(link("file", "dir/l"));
	IS(events("l"), IN_CREATE);
	OK(truncate("dir/a", 3));
	IS(events("a"), IN_MODIFY);
	OK(unlink("dir/a"));
	IS(events("a"), IN_DELETE);
	OK(inotify_rm_watch(watcher, wd));
	IS(events(NULL), IN_IGNORED);
}

static void of_files(void)
{
	OK(inotify_add_watch(watcher, "big", IN_ALL_EVENTS));
	OK(write_to("big"));
	IS(events(NULL), IN_OPEN | IN_MODIFY | IN_CLOSE_WRITE);
	OK(rename("big", "big2"));
	IS(events(NULL), IN_MOVE_SELF);
	OK(link("big2", "big"));
	IS(events(NULL), IN_ATTRIB);
	OK(unlink("big2"));
	IS(events(NULL), IN_ATTRIB);
	OK(unlink("big"));
	IS(events(NULL), IN_ATTRIB | IN_DELETE_SELF | IN_IGNORED);
	OK(inotify_add_watch(watcher, "void", IN_ALL_EVENTS));
	OK(rmdir("void"));
	IS(events(NULL), IN_DELETE_SELF | IN_IGNORED);
}

static void fan(void)
{
	char buf[4096] __attribute__((aligned(8)));
	struct fanotify_event_metadata *m = (void *)buf;
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY | O_CLOEXEC);
	struct fanotify_event_info_fid *info = (void *)(m + 1);

	if (fd < 0)
		return; /* not in every kernel */
	OK(fanotify_mark(fd, FAN_MARK_ADD, FAN_MODIFY | FAN_OPEN, AT_FDCWD, "hard1"));
	OK(write_to("hard2"));
	IS(read(fd, buf, sizeof(buf)) >= (ssize_t)sizeof(*m), 1);
	IS(m->mask, FAN_OPEN | FAN_MODIFY);
	close(m->fd);
	close(fd);
	/* Events with names, by handles instead of descriptors. */
	fd = (int)OK(
		fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME | FAN_CLOEXEC | FAN_NONBLOCK,
			      O_RDONLY | O_CLOEXEC));
	OK(fanotify_mark(fd, FAN_MARK_ADD, FAN_CREATE | FAN_DELETE | FAN_ONDIR, AT_FDCWD, "dir"));
	OK(make("dir/fan", 0644));
	IS(read(fd, buf, sizeof(buf)) > (ssize_t)sizeof(*m), 1);
	IS(m->mask, FAN_CREATE);
	IS(info->hdr.info_type, FAN_EVENT_INFO_TYPE_DFID_NAME);
	OK(fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_DELETE, AT_FDCWD, "."));
	OK(unlink("dir/fan"));
	IS(read(fd, buf, sizeof(buf)) > (ssize_t)sizeof(*m), 1);
	IS(m->mask, FAN_DELETE);
	close(fd);
}

void topic_notify(void)
{
	watcher = (int)OK(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
	in_directory();
	of_files();
	fan();
	close(watcher);
}
