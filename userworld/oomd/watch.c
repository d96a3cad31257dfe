// SPDX-License-Identifier: Apache-2.0
#include "watch.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "userworld/lib/cgroup.h"
#include "userworld/lib/log.h"

#define TOP "host"		    /* the pool that holds all userworlds */
#define STALL "some 100000 1000000" /* 100 ms of waiting for memory within a second */

int watch_add(int fd, uint32_t events, unsigned int what)
{
	struct epoll_event ev = { .events = events, .data.u32 = what };

	if (fd < 0 || epoll_ctl(oomd.epoll, EPOLL_CTL_ADD, fd, &ev) < 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	oomd.fds[what] = fd;
	return 0;
}

/* The wire works without pressure information and the other way round; both missing is fatal. */
static void watch_pressure(void)
{
	int fd = open("/proc/pressure/memory", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && write(fd, STALL, strlen(STALL) + 1) < 0) {
		close(fd);
		fd = -1;
	}
	if (watch_add(fd, EPOLLPRI, WATCH_STALL) < 0)
		log_warn("/proc/pressure/memory: not watched");
}

static void watch_wire(void)
{
	struct err e = ERR_INIT;
	int fd;

	oomd.top = cgroup_make(oomd.killer.cgroup_root, TOP, &e);
	if (oomd.top < 0) {
		log_err(&e);
		return;
	}
	fd = openat(oomd.top, "memory.events", O_RDONLY | O_CLOEXEC);
	if (watch_add(fd, EPOLLPRI, WATCH_WIRE) < 0) {
		log_warn("pool %s: memory.events not watched", TOP);
		close(oomd.top);
		oomd.top = -1;
	}
}

/* When worlds come and go, or memory is plugged in, the wire belongs elsewhere. */
static void watch_changes(void)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd >= 0 && inotify_add_watch(fd, "/run/userworld", IN_MOVED_TO | IN_DELETE) < 0)
		log_warn("/run/userworld: not watched");
	watch_add(fd, EPOLLIN, WATCH_WORLDS);
	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		log_warn("hot-plugged memory is not noticed");
	watch_add(fd, EPOLLIN, WATCH_HOTPLUG);
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (watch_add(fd, EPOLLIN, WATCH_TIMER) < 0)
		log_fatal("timerfd");
}

void watch_all(void)
{
	watch_wire();
	watch_pressure();
	watch_changes();
}
