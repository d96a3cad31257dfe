// SPDX-License-Identifier: Apache-2.0
#include "pool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userworld/lib/file.h"

#define THROTTLED_LEAST 10 /* tenths of a second cut short before it is worth a line */

void own_pool_open(struct own_pool *p)
{
	char text[512];
	int root;

	*p = (struct own_pool){ .group = -1, .events = -1 };
	if (file_read_at(AT_FDCWD, "/proc/self/cgroup", text, sizeof(text), NULL) < 0 ||
	    strncmp(text, "0::/", 4) != 0)
		return;
	snprintf(p->name, sizeof(p->name), "%.*s", (int)strcspn(text + 4, "\n"), text + 4);
	root = cgroup_open_root(CGROUP_ROOT, NULL);
	if (root < 0)
		return;
	p->group = cgroup_open(root, p->name, NULL);
	close(root);
	if (p->group < 0)
		return;
	p->events = openat(p->group, "pids.events", O_RDONLY | O_CLOEXEC);
	bites_read(p->group, &p->told);
}

void refusal_text(char *buf, size_t size, const char *pool, const char *limit)
{
	snprintf(buf, size,
		 "\r\n[The command could not be started. This shell is for looking and repairing: "
		 "its\r\n"
		 " pool %s may have %s processes and threads, all sessions\r\n"
		 " together. End some, or: visorcli sched group set -g %s --pids-max=N]\r\n",
		 pool, limit, pool);
}

void throttle_text(char *buf, size_t size, const char *pool, unsigned int percent, double seconds)
{
	snprintf(buf, size,
		 "\r\n[Commands were held back for %.1f s: the shell's pool %s may use\r\n"
		 " %u %% of one CPU. More: visorcli sched group set -g %s --cpu-max=N]\r\n",
		 seconds, pool, percent, pool);
}

static unsigned int cpu_percent(int group)
{
	unsigned long quota, period;
	char text[64], *end;

	if (cgroup_read(group, "cpu.max", text, sizeof(text), NULL) < 0)
		return 0;
	quota = strtoul(text, &end, 10);
	period = strtoul(end, NULL, 10);
	return period ? (unsigned int)(quota * 100 / period) : 0;
}

void own_pool_news(struct own_pool *p, int forks, int cpu, char *buf, size_t size)
{
	char text[64], limit[32] = "?";
	struct bites now;
	uint64_t cut;

	buf[0] = '\0';
	if (p->group < 0)
		return;
	/* Reading the very descriptor tells poll that we know. */
	if (p->events >= 0 && pread(p->events, text, sizeof(text), 0) < 0)
		return;
	bites_read(p->group, &now);
	if (forks && bites_grown(&p->told, &now, BITE_PIDS)) {
		cgroup_read(p->group, "pids.max", limit, sizeof(limit), NULL);
		refusal_text(buf, size, p->name, limit);
		p->told.pids = now.pids;
		return;
	}
	cut = bites_grown(&p->told, &now, BITE_CPU);
	if (!cpu)
		return;
	if (cut >= THROTTLED_LEAST)
		throttle_text(buf, size, p->name, cpu_percent(p->group), (double)cut / 10);
	p->told.throttled = now.throttled;
}
