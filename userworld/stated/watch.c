// SPDX-License-Identifier: Apache-2.0
/* What the kernel tells by itself: changes of state files, of block devices, and a TPM. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "userworld/stated/stated.h"

#define COUNTER "/sys/fs/visorfs/0/state_generation"
#define SETTLE_MS 200 /* a disk and its partitions come one after the other */

static int counter = -1;

/* The counter has to be read, or it stays changed. */
static void on_change(evutil_socket_t fd, short what, void *arg)
{
	struct epoll_event event;
	char buf[32];

	(void)what;
	if (epoll_wait(fd, &event, 1, 0) > 0 && pread(counter, buf, sizeof(buf), 0) >= 0)
		stated_changed(arg);
}

/* Such a file is always readable: epoll shows its changes alone. */
int changes_watch(struct stated *s, struct err *e)
{
	struct epoll_event changes = { .events = EPOLLPRI };
	struct event *ready;
	char buf[32];
	int wait;

	counter = open(COUNTER, O_RDONLY | O_CLOEXEC);
	if (counter < 0)
		return err_sys(e, errno, "%s", COUNTER);
	wait = epoll_create1(EPOLL_CLOEXEC);
	if (wait < 0 || epoll_ctl(wait, EPOLL_CTL_ADD, counter, &changes) < 0 ||
	    pread(counter, buf, sizeof(buf), 0) < 0)
		return err_sys(e, errno, "%s: watch", COUNTER);
	ready = event_new(s->base, wait, EV_READ | EV_PERSIST, on_change, s);
	if (!ready || event_add(ready, NULL) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	return 0;
}

/* Is it about a device of that kind? The words of a message end with NUL. */
static bool is_about(const char *buf, ssize_t len, const char *subsystem)
{
	for (const char *p = buf; p < buf + len; p += strlen(p) + 1)
		if (!strcmp(p, subsystem))
			return true;
	return false;
}

static void on_device(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval settle = { .tv_usec = SETTLE_MS * 1000 };
	struct stated *s = arg;
	bool look = false;
	char buf[8192];
	ssize_t len;

	(void)what;
	while ((len = recv(fd, buf, sizeof(buf) - 1, MSG_DONTWAIT)) > 0) {
		buf[len] = '\0';
		look |= is_about(buf, len, "SUBSYSTEM=block");
		/* Its driver may come after the first save: the next one seals. */
		if (is_about(buf, len, "SUBSYSTEM=tpmrm"))
			stated_changed(s);
	}
	if (look || errno == ENOBUFS)
		event_add(s->look, &settle);
}

int devices_watch(struct stated *s, struct err *e)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);
	struct event *ready;

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return err_sys(e, errno, "messages about devices");
	ready = event_new(s->base, fd, EV_READ | EV_PERSIST, on_device, s);
	if (!ready || event_add(ready, NULL) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	return 0;
}
