// SPDX-License-Identifier: Apache-2.0
#include "sink.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t uptime_now(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

static struct boot_clock clock_now(void)
{
	int64_t real = clock_us(CLOCK_REALTIME);

	return (struct boot_clock){
		.boot = real - uptime_now(),
		.right = real >= CLOCK_RIGHT_FROM * 1000000,
	};
}

void sink_init(struct sink *s, const struct settings *settings)
{
	for (int i = 0; i < LOG_ID_COUNT; i++) {
		char name[32];

		snprintf(name, sizeof(name), "%s.log", log_name((enum log_id)i));
		logfile_init(&s->logs[i], settings->directory, name, settings->logs[i].size,
			     settings->logs[i].count);
	}
}

static size_t about_lost(uint64_t lost, char *buf, size_t size, void *arg)
{
	struct record r = {
		.severity = LOG_WARNING,
		.cpu = sched_getcpu(),
		.world = getpid(),
		.uptime = uptime_now(),
		.component = "vmklogger",
	};

	(void)arg;
	(void)size;
	snprintf(r.text, sizeof(r.text), "%" PRIu64 " lines were lost: no room for this log", lost);
	return format_vmkernel(buf, &r, clock_now());
}

static void put(struct logfile *f, const char *line, size_t len)
{
	logfile_write(f, line, len, about_lost, NULL);
}

void sink_put(struct sink *s, const struct record *from)
{
	struct boot_clock clock = clock_now();
	static struct record copy;
	const struct record *r = from;
	char line[LINE_BYTES];
	size_t len;

	/* The form wants a number; the kernel often does not keep the writer's CPU. */
	if (r->cpu == CPU_UNKNOWN) {
		copy = *from;
		copy.cpu = sched_getcpu();
		r = &copy;
	}
	len = format_vmkernel(line, r, clock);

	put(&s->logs[LOG_ID_VMKERNEL], line, len);
	if (!strcmp(r->component, "hostd")) {
		put(&s->logs[LOG_ID_HOSTD], line, len);
	} else if (!strcmp(r->component, "shell")) {
		len = format_shell(line, r, clock);
		put(&s->logs[LOG_ID_SHELL], line, len);
	}
}
