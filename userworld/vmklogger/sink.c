// SPDX-License-Identifier: Apache-2.0
#include "sink.h"

#include <inttypes.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

static void own_record(struct record *r, int severity)
{
	r->severity = severity;
	r->facility = LOG_FAC(LOG_SYSLOG);
	r->cpu = sched_getcpu();
	r->world = getpid();
	r->uptime = uptime_now();
	strcpy(r->component, "vmklogger");
}

static size_t about_lost(const struct logfile *f, char *buf, size_t size)
{
	static struct record r;

	(void)size;
	own_record(&r, LOG_WARNING);
	snprintf(r.text, sizeof(r.text), "%" PRIu64 " lines were lost: no room for this log",
		 f->lost);
	if (f->id <= LOG_ID_VMKWARNING)
		return format_vmkernel(buf, log_name(f->id), &r, clock_now());
	return format_syslog(buf, &r, clock_now());
}

void sink_settings(struct sink *s, const struct settings *settings)
{
	for (int i = 0; i < LOG_ID_COUNT; i++) {
		struct logfile *f = &s->logs[i];
		uint64_t lost = f->lost;
		char name[32];

		if (f->have)
			logfile_flush(f, about_lost);
		if (f->path[0])
			logfile_close(f);
		snprintf(name, sizeof(name), "%s.log", log_name((enum log_id)i));
		logfile_init(f, settings->directory, name, settings->logs[i].size,
			     settings->logs[i].count);
		f->id = (enum log_id)i;
		f->lost = lost;
	}
}

static void put_vmkernel(struct sink *s, const struct record *r, struct boot_clock clock)
{
	char line[LINE_BYTES];
	size_t len = format_vmkernel(line, "vmkernel", r, clock);

	logfile_write(&s->logs[LOG_ID_VMKERNEL], line, len, about_lost);
	if (r->severity > LOG_WARNING)
		return;
	len = format_vmkernel(line, "vmkwarning", r, clock);
	logfile_write(&s->logs[LOG_ID_VMKWARNING], line, len, about_lost);
}

static void put_own(struct sink *s, enum log_id own, const struct record *r,
		    struct boot_clock clock)
{
	char line[LINE_BYTES];
	size_t len = format_syslog(line, r, clock);

	logfile_write(&s->logs[own], line, len, about_lost);
}

/* About a userworld's ration, in its name. */
__attribute__((format(printf, 4, 5))) static void tell_ration(struct sink *s,
							      const struct record *about,
							      struct boot_clock clock,
							      const char *fmt, ...)
{
	static struct record r;
	va_list ap;

	r = *about;
	r.severity = LOG_WARNING;
	va_start(ap, fmt);
	vsnprintf(r.text, sizeof(r.text), fmt, ap);
	va_end(ap);
	put_vmkernel(s, &r, clock);
}

static void put_rationed(struct sink *s, enum log_id own, const struct record *r,
			 struct boot_clock clock)
{
	uint64_t held = 0;

	put_own(s, own, r, clock);
	switch (ration_take(&s->rations, r->component, r->uptime, &held)) {
	case RATION_OUT:
		return;
	case RATION_FIRST:
		tell_ration(s, r, clock,
			    "writes more than %d lines a second: from here on they are in "
			    "%s.log only",
			    RATION_RATE, log_name(own));
		return;
	case RATION_BACK:
		tell_ration(s, r, clock, "%" PRIu64 " lines before this are in %s.log only", held,
			    log_name(own));
		break;
	case RATION_IN:
		break;
	}
	put_vmkernel(s, r, clock);
}

void sink_put(struct sink *s, const struct record *from)
{
	struct boot_clock clock = clock_now();
	enum log_id own = route_own(from);
	const struct record *r = from;
	static struct record copy;

	/* The form wants a number; the kernel often does not keep the writer's CPU. */
	if (r->cpu == CPU_UNKNOWN) {
		copy = *from;
		copy.cpu = sched_getcpu();
		r = &copy;
	}
	/* Not everybody who may read the other logs may read this one. */
	if (own == LOG_ID_AUDIT)
		put_own(s, own, r, clock);
	else if (own == LOG_ID_VMKERNEL)
		put_vmkernel(s, r, clock);
	else
		put_rationed(s, own, r, clock);
	if (s->forward)
		forward_put(s->forward, r);
	if (s->spool && r->event)
		spool_put(s->spool, r);
}

void sink_say(struct sink *s, int severity, const char *fmt, ...)
{
	static struct record r;
	va_list ap;

	own_record(&r, severity);
	va_start(ap, fmt);
	vsnprintf(r.text, sizeof(r.text), fmt, ap);
	va_end(ap);
	sink_put(s, &r);
}

void sink_event(struct sink *s, enum event_id id, const struct event_detail *details,
		const char *text)
{
	const struct event_head *head = event_head(id);
	char packed[EVENT_DETAILS_MAX];
	static struct record r;

	own_record(&r, head->severity);
	r.event = true;
	event_details(packed, details);
	event_line(r.text, head->id, text, packed);
	sink_put(s, &r);
}

void sink_flush(struct sink *s)
{
	for (int i = 0; i < LOG_ID_COUNT; i++)
		logfile_flush(&s->logs[i], about_lost);
	if (s->forward)
		forward_push(s->forward);
}
