// SPDX-License-Identifier: Apache-2.0
#include "world.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

int watch_add(struct table *t, int fd, uint32_t events, enum watch what, unsigned int index)
{
	struct epoll_event ev = { .events = events, .data.u64 = (uint64_t)what << 32 | index };

	return epoll_ctl(t->epoll, EPOLL_CTL_ADD, fd, &ev);
}

unsigned int world_index(const struct table *t, const struct world *w)
{
	return (unsigned int)(w - t->worlds);
}

struct world *world_find(struct table *t, const char *name)
{
	table_for_each (t, w)
		if (!strcmp(w->conf.name, name))
			return w;
	return NULL;
}

void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
