// SPDX-License-Identifier: Apache-2.0
/* The rim of core/visorfs/ramdisk_news.h: visorfs's counter of such events, the clock, the store.
 */
#include "ramdisk_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "log.h"
#include "userworld/core/event.h"
#include "userworld/core/visorfs/ramdisk_news.h"

#define COUNTER "/sys/fs/visorfs/0/ramdisk_events"

static struct {
	struct ramdisk_news *news;
	struct event *ready, *later;
	int counter; /* of visorfs */
	int wait;    /* epoll, of the counter's changes alone: such a file is always readable */
} watch;

static void tell(void *context, const struct ramdisk_told *told)
{
	const struct vfs_ramdisk *r = told->ramdisk;
	uint64_t used = told->files ? r->used_inodes : r->used_bytes;
	uint64_t max = told->files ? r->max_inodes : r->max_bytes;
	_cleanup_free_ struct vfs_owner *owners = NULL;
	const char *owner = "";
	size_t count = 0;

	(void)context;
	if (vfs_owner_list("", r->name, &owners, &count, NULL) == 0 && count)
		owner = owners[0].name;
	core_event(told->id,
		   EVENT_WITH(EVENT_STR("ramdisk", r->name), EVENT_STR("path", r->path),
			      EVENT_NUM("used", used), EVENT_NUM("max", max),
			      EVENT_NUM("refused", told->refused), EVENT_STR("owner", owner)),
		   "%s%s%s", told->text, *owner ? "; most is held by " : "", owner);
}

static void look(void)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	struct timeval pause = { 0 };
	struct err e = ERR_INIT;
	struct timespec now;
	size_t count;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (vfs_ramdisk_list("", &list, &count, &e) < 0) {
		log_warnx("ramdisks: %s", e.text);
		return;
	}
	pause.tv_sec =
		ramdisk_news_update(watch.news, list, count, (uint64_t)now.tv_sec, tell, NULL);
	if (pause.tv_sec > 0)
		event_add(watch.later, &pause);
}

/* The counter has to be read, or it stays changed. */
static void on_change(evutil_socket_t fd, short what, void *arg)
{
	struct epoll_event event;
	char buf[32];

	(void)fd, (void)what, (void)arg;
	if (epoll_wait(watch.wait, &event, 1, 0) > 0 &&
	    pread(watch.counter, buf, sizeof(buf), 0) < 0)
		log_warn("read " COUNTER);
	look();
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
	look();
}

/* Alarms of a hostd before this one may be over: it was not there to tell. */
static void go_on(void)
{
	struct err e = ERR_INIT;
	json_t *alarms, *alarm;
	size_t i;

	if (alarm_list(&alarms, &e) < 0) {
		log_err(&e);
		return;
	}
	json_array_foreach (alarms, i, alarm) {
		const char *id = "", *name = NULL, *path = "";

		json_unpack(alarm, "{s:s, s:{s?s, s?s}}", "id", &id, "details", "ramdisk", &name,
			    "path", &path);
		if (name && !strncmp(id, "ramdisk.", strlen("ramdisk.")))
			ramdisk_news_stands(
				watch.news, name, path,
				!strncmp(id, "ramdisk.files.", strlen("ramdisk.files.")));
	}
	json_decref(alarms);
	look();
}

int ramdisk_watch(struct event_base *base, struct err *e)
{
	struct epoll_event changes = { .events = EPOLLPRI };
	char buf[32];

	watch.counter = open(COUNTER, O_RDONLY | O_CLOEXEC);
	if (watch.counter < 0)
		return err_sys(e, errno, "open %s", COUNTER);
	watch.wait = epoll_create1(EPOLL_CLOEXEC);
	if (watch.wait < 0 || epoll_ctl(watch.wait, EPOLL_CTL_ADD, watch.counter, &changes) < 0 ||
	    read(watch.counter, buf, sizeof(buf)) < 0)
		return err_sys(e, errno, "watch %s", COUNTER);
	watch.news = ramdisk_news_new();
	watch.ready = event_new(base, watch.wait, EV_READ | EV_PERSIST, on_change, NULL);
	watch.later = evtimer_new(base, on_later, NULL);
	if (!watch.news || !watch.ready || !watch.later || event_add(watch.ready, NULL) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	look();
	go_on();
	return 0;
}
