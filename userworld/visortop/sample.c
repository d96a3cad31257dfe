// SPDX-License-Identifier: Apache-2.0
#include "sample.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "userworld/lib/cgroup.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/file.h"

#define DEPTH_MAX 8

static uint64_t number(int group, const char *file, uint64_t otherwise)
{
	uint64_t value;

	return cgroup_read_u64(group, file, &value, NULL) == 0 ? value : otherwise;
}

/* The first line of a pressure file: "some avg10=... total=MICROSECONDS". */
static uint64_t pressure(int group, const char *file)
{
	char text[256], *p;

	if (cgroup_read(group, file, text, sizeof(text), NULL) < 0)
		return 0;
	p = strstr(text, "total=");
	return p ? strtoull(p + 6, NULL, 10) : 0;
}

static void read_cpu(int group, struct top_row *r)
{
	char text[2048];

	if (cgroup_read(group, "cpu.stat", text, sizeof(text), NULL) < 0)
		return;
	flat_key(text, "usage_usec", &r->cpu);
	flat_key(text, "system_usec", &r->sys);
	flat_key(text, "throttled_usec", &r->limited);
}

static void read_memory(int group, struct top_row *r)
{
	char text[8192];

	r->memory = number(group, "memory.current", 0);
	r->min = number(group, "memory.min", 0);
	r->max = number(group, "memory.max", UINT64_MAX);
	if (cgroup_read(group, "memory.stat", text, sizeof(text), NULL) < 0)
		return;
	flat_key(text, "anon", &r->anon);
	flat_key(text, "file", &r->file);
	flat_key(text, "kernel", &r->kernel);
}

static void read_world(struct top_sample *s, int group)
{
	struct top_row *r = &s->rows[s->count];
	struct stat st;
	bool essential;

	*r = (struct top_row){ 0 };
	if (s->count == TOP_ROWS || !cgroup_world(group, r->name, &essential) ||
	    fstat(group, &st) < 0)
		return;
	r->gid = st.st_ino;
	r->worlds = (unsigned int)number(group, "pids.current", 0);
	r->shares = (unsigned int)number(group, "cpu.weight", 0);
	r->ready = pressure(group, "cpu.pressure");
	r->stalled = pressure(group, "memory.pressure");
	read_cpu(group, r);
	read_memory(group, r);
	s->count++;
}

static int is_group(const struct dirent *entry)
{
	return entry->d_type == DT_DIR && entry->d_name[0] != '.';
}

static void walk(struct top_sample *s, int above, const char *name, int depth)
{
	_cleanup_close_ int group = openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **entries;
	int n;

	if (group < 0)
		return;
	read_world(s, group);
	n = depth < DEPTH_MAX ? scandirat(group, ".", &entries, is_group, alphasort) : 0;
	for (int i = 0; i < n; i++) {
		walk(s, group, entries[i]->d_name, depth + 1);
		free(entries[i]);
	}
	if (n > 0)
		free(entries);
}

static uint64_t meminfo(const char *text, const char *key)
{
	const char *p = strstr(text, key);

	return p ? strtoull(p + strlen(key), NULL, 10) * 1024 : 0;
}

/* "cpu user nice system idle iowait irq softirq steal": all but idle and iowait is work. */
static void read_busy(struct top_sample *s, const char *text)
{
	unsigned long long t[8] = { 0 };
	uint64_t tick = 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);

	sscanf(text, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0], &t[1], &t[2], &t[3],
	       &t[4], &t[5], &t[6], &t[7]);
	s->busy = (t[0] + t[1] + t[2] + t[5] + t[6] + t[7]) * tick;
}

static int read_host(struct top_sample *s, struct err *e)
{
	char text[8192];
	struct timespec ts;

	if (file_read_at(AT_FDCWD, "/proc/meminfo", text, sizeof(text), e) < 0)
		return -1;
	s->memory_total = meminfo(text, "MemTotal:");
	s->memory_free = meminfo(text, "MemAvailable:");
	if (file_read_at(AT_FDCWD, "/proc/stat", text, sizeof(text), e) < 0)
		return -1;
	read_busy(s, text);
	s->cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	if (file_read_at(AT_FDCWD, "/proc/loadavg", text, sizeof(text), e) >= 0)
		sscanf(text, "%lf %lf %lf", &s->load[0], &s->load[1], &s->load[2]);
	clock_gettime(CLOCK_BOOTTIME, &ts);
	s->uptime = ts.tv_sec;
	s->at = (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
	s->wall = time(NULL);
	return 0;
}

int top_sample(struct top_sample *s, struct err *e)
{
	_cleanup_close_ int root = cgroup_open_root(CGROUP_ROOT, e);

	*s = (struct top_sample){ 0 };
	if (root < 0 || read_host(s, e) < 0)
		return -1;
	walk(s, root, "host", 0);
	return 0;
}
