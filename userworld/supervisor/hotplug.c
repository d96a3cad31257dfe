// SPDX-License-Identifier: Apache-2.0
#include "hotplug.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "load.h"
#include "pool.h"
#include "userworld/lib/file.h"
#include "userworld/lib/human.h"
#include "userworld/lib/log.h"

#define CPU_ADDED "add@/devices/system/cpu/"

int hotplug_open(struct table *t, struct err *e)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
			watch_add(t, fd, EPOLLIN, WATCH_HOTPLUG, (unsigned int)fd) < 0)) {
		log_warn("hot-plugged memory, CPUs and disks are not noticed");
		close_fd(&fd);
	}
	return pool_host_read("", "", &t->host, e);
}

/* The kernel uses memory that is added by itself; a CPU waits for somebody to say so. */
static void start_cpu(const char *name)
{
	char path[64];
	struct err e = ERR_INIT;

	if (strchr(name, '/'))
		return; /* a part of it */
	snprintf(path, sizeof(path), "/sys/devices/system/cpu/%.16s/online", name);
	if (file_write_at(AT_FDCWD, path, "1", &e) < 0)
		log_err(&e);
}

/* Events that change what pools can be given: "add@/devices/system/memory/memory40". */
static bool concerns_pools(const char *event)
{
	return strstr(event, "/devices/system/memory/") || strstr(event, "/devices/system/cpu/") ||
	       strstr(event, "/block/");
}

/* True if there is more or less than before; it is said. */
static bool changed(const struct pool_host *before, const struct pool_host *now)
{
	char size[HUMAN_MAX];
	bool memory = now->memory_total != before->memory_total;
	bool cpus = strcmp(now->cpus, before->cpus) != 0;
	bool nodes = strcmp(now->nodes, before->nodes) != 0;

	if (memory)
		log_info("the host has %s of memory now: pools follow",
			 human_size(now->memory_total, size));
	if (cpus)
		log_info("the host has CPUs %s now: pools follow", now->cpus);
	if (nodes)
		log_info("the host has memory nodes %s now: pools follow", now->nodes);
	return memory || cpus || nodes;
}

void hotplug_event(struct table *t, int fd)
{
	struct pool_host before = t->host;
	struct err e = ERR_INIT;
	bool concerned = false;
	char event[4096];
	ssize_t n;

	while ((n = recv(fd, event, sizeof(event) - 1, MSG_DONTWAIT)) > 0) {
		event[n] = '\0';
		concerned |= concerns_pools(event);
		if (!strncmp(event, CPU_ADDED, strlen(CPU_ADDED)))
			start_cpu(event + strlen(CPU_ADDED));
	}
	if (!concerned)
		return;
	if (pool_host_read("", "", &t->host, &e) < 0)
		log_err(&e);
	else if (!changed(&before, &t->host))
		pool_refresh(t); /* a disk */
	/* What was refused because the host did not have it may be let in now. */
	else if (load_worlds(t, &e) < 0)
		log_err(&e);
}
