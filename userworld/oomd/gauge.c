// SPDX-License-Identifier: Apache-2.0
#include "gauge.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MEMINFO "/proc/meminfo"

int gauge_open(struct gauge *g, int top, struct err *e)
{
	*g = (struct gauge){ .meminfo = -1, .current = -1, .high = -1 };
	g->meminfo = open(MEMINFO, O_RDONLY | O_CLOEXEC);
	if (g->meminfo < 0)
		return err_sys(e, errno, MEMINFO ": open");
	if (top < 0)
		return 0;
	g->current = openat(top, "memory.current", O_RDONLY | O_CLOEXEC);
	g->high = openat(top, "memory.high", O_WRONLY | O_CLOEXEC);
	if (g->current < 0 || g->high < 0)
		return err_sys(e, errno, "memory.current and memory.high of the pool: open");
	return 0;
}

static ssize_t read_text(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return n;
}

int gauge_memory(const struct gauge *g, struct memory *m, struct err *e)
{
	char text[4096];

	if (read_text(g->meminfo, text, sizeof(text)) <= 0)
		return err_sys(e, errno, MEMINFO ": read");
	if (memory_parse(text, m) < 0)
		return err_set(e, ERR_SYSTEM, MEMINFO " has no MemTotal or MemAvailable");
	return 0;
}

int gauge_used(const struct gauge *g, uint64_t *used, struct err *e)
{
	char text[32];

	if (read_text(g->current, text, sizeof(text)) <= 0)
		return err_sys(e, errno, "memory.current: read");
	*used = strtoull(text, NULL, 10);
	return 0;
}

int gauge_set_wire(const struct gauge *g, uint64_t bytes, struct err *e)
{
	char text[32] = "max";
	int len = 3;

	if (bytes != UINT64_MAX)
		len = snprintf(text, sizeof(text), "%" PRIu64, bytes);
	if (pwrite(g->high, text, (size_t)len, 0) < 0)
		return err_sys(e, errno, "memory.high: write");
	return 0;
}
