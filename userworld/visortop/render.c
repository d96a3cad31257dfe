// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "model.h"

#define MIB 1048576.0

static void head(const struct top_view *v, char line[TOP_WIDTH])
{
	const struct top_sample *s = v->now;
	time_t wall = (time_t)s->wall;
	unsigned int worlds = 0;
	char now[16] = "";
	struct tm tm;

	for (size_t i = 0; i < v->count; i++)
		worlds += v->rates[i].row->worlds;
	if (gmtime_r(&wall, &tm))
		strftime(now, sizeof(now), "%H:%M:%S", &tm);
	snprintf(line, TOP_WIDTH,
		 "%s UTC up %" PRId64 " days %02d:%02d, %u worlds, %zu pools; CPU load average: "
		 "%.2f, %.2f, %.2f",
		 now, s->uptime / 86400, (int)(s->uptime / 3600 % 24), (int)(s->uptime / 60 % 60),
		 worlds, v->count, s->load[0], s->load[1], s->load[2]);
}

static void limit_text(char buf[static 12], uint64_t bytes)
{
	if (bytes == UINT64_MAX)
		snprintf(buf, 12, "-");
	else
		snprintf(buf, 12, "%.1f", (double)bytes / MIB);
}

static void cpu_row(const struct top_rate *r, char line[TOP_WIDTH])
{
	snprintf(line, TOP_WIDTH, "%8" PRIu64 " %-20.20s %5u %7.2f %7.2f %7.2f %7.2f %7u",
		 r->row->gid, r->row->name, r->row->worlds, r->used, r->sys, r->ready, r->limited,
		 r->row->shares);
}

static void memory_row(const struct top_rate *r, char line[TOP_WIDTH])
{
	char min[12], max[12];

	limit_text(min, r->row->min);
	limit_text(max, r->row->max);
	snprintf(line, TOP_WIDTH, "%8" PRIu64 " %-20.20s %5u %7.1f %7s %7s %7.1f %7.1f %7.1f %7.2f",
		 r->row->gid, r->row->name, r->row->worlds, (double)r->row->memory / MIB, min, max,
		 (double)r->row->anon / MIB, (double)r->row->file / MIB,
		 (double)r->row->kernel / MIB, r->stalled);
}

static const char *const titles[] = {
	[TOP_PAGE_CPU] =
		"     GID NAME                  NWLD   %USED    %SYS    %RDY  %MLMTD  SHARES",
	[TOP_PAGE_MEMORY] =
		"     GID NAME                  NWLD   MEMSZ     MIN     MAX    ANON    "
		"FILE    KERN   %STAL",
};

size_t top_render(const struct top_view *v, enum top_page page, const char *note,
		  char lines[][TOP_WIDTH], size_t max)
{
	double total = (double)v->now->memory_total / MIB, left = (double)v->now->memory_free / MIB;
	char top[4][TOP_WIDTH];
	size_t n = 0;

	head(v, top[0]);
	snprintf(top[1], TOP_WIDTH,
		 "PCPU USED(%%): %.1f of %u   PMEM /MB: %.0f total: %.0f used, %.0f free", v->busy,
		 v->now->cpus, total, total - left, left);
	snprintf(top[2], TOP_WIDTH, "%s", note);
	snprintf(top[3], TOP_WIDTH, "%s", titles[page]);
	for (; n < 4 && n < max; n++)
		memcpy(lines[n], top[n], TOP_WIDTH);
	for (size_t i = 0; i < v->count && n < max; i++, n++) {
		if (page == TOP_PAGE_CPU)
			cpu_row(&v->rates[i], lines[n]);
		else
			memory_row(&v->rates[i], lines[n]);
	}
	return n;
}
