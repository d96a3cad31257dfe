// SPDX-License-Identifier: Apache-2.0
#include "hotplug.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "pool.h"
#include "userworld/lib/file.h"
#include "userworld/lib/human.h"
#include "userworld/lib/log.h"

static int read_total(struct table *t, struct err *e)
{
	char text[2048];
	const char *line;

	if (file_read_at(AT_FDCWD, "/proc/meminfo", text, sizeof(text), e) < 0)
		return -1;
	line = strstr(text, "MemTotal:");
	t->memory_total = line ? strtoull(line + 9, NULL, 10) * 1024 : 0;
	return 0;
}

int hotplug_open(struct table *t, struct err *e)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
			watch_add(t, fd, EPOLLIN, WATCH_HOTPLUG, (unsigned int)fd) < 0)) {
		log_warn("hot-plugged memory is not noticed");
		close_fd(&fd);
	}
	return read_total(t, e);
}

void hotplug_event(struct table *t, int fd)
{
	uint64_t before = t->memory_total;
	char text[4096], size[HUMAN_MAX];
	bool memory = false;
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		text[n] = '\0';
		memory |= strstr(text, "/devices/system/memory/") != NULL;
	}
	if (!memory || read_total(t, NULL) < 0 || t->memory_total == before)
		return;
	log_info("the host has %s of memory now: pools follow", human_size(t->memory_total, size));
	pool_refresh(t);
}
