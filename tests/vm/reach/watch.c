// SPDX-License-Identifier: Apache-2.0
/*
 * What fanotify says of a command: the whole file system is watched, names
 * and directories are told, and directories found by their handles.
 */
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <unistd.h>

#define KINDS (FAN_CREATE | FAN_DELETE)

/* The directory of an event below DIR, or why it cannot be found. */
static void print_dir(int mount, const char *dir, struct file_handle *handle)
{
	char path[PATH_MAX], link[64];
	int fd = open_by_handle_at(mount, handle, O_PATH | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		printf(errno == ESTALE ? "(gone)" : "(error %d)", errno);
		return;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = 0;
	printf("%s", strncmp(path, dir, strlen(dir)) ? path : path + strlen(dir));
	close(fd);
}

static void print_event(int mount, const char *dir, const struct fanotify_event_metadata *event)
{
	const struct fanotify_event_info_fid *info = (const void *)(event + 1);
	struct file_handle *handle = (void *)info->handle;
	const char *name = (const char *)handle->f_handle + handle->handle_bytes;

	must(event->event_len > sizeof(*event) &&
		     info->hdr.info_type == FAN_EVENT_INFO_TYPE_DFID_NAME,
	     "an event without a name");
	/* Events of the same name are one. */
	printf("%s%s%s ", event->mask & FAN_DELETE ? "delete" : "",
	       event->mask & FAN_CREATE ? event->mask & FAN_DELETE ? " create" : "create" : "",
	       event->mask & FAN_ONDIR ? " directory" : "");
	print_dir(mount, dir, handle);
	printf("/%s\n", name);
}

int topic_watch(char **words)
{
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_DFID_NAME,
			       O_RDONLY);
	int mount = open(words[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	static char buf[65536] __attribute__((aligned(8)));
	ssize_t n;

	if (fd < 0 && errno == ENOSYS)
		return SKIP;
	must(fd >= 0 && mount >= 0, "fanotify of %s", words[0]);
	must(!fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, KINDS | FAN_ONDIR, mount, NULL),
	     "fanotify_mark");
	run_command(words[1]);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		const struct fanotify_event_metadata *event = (void *)buf;

		for (; FAN_EVENT_OK(event, n); event = FAN_EVENT_NEXT(event, n))
			print_event(mount, words[0], event);
	}
	must(errno == EAGAIN, "read of events");
	return 0;
}
