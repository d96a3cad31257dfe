// SPDX-License-Identifier: Apache-2.0
#include "record.h"

#include <inttypes.h>
#include <stdio.h>
#include <syslog.h>
#include <time.h>

#define SECOND INT64_C(1000000) /* in microseconds */

void format_time(char buf[static TIME_BYTES], const struct record *r, struct boot_clock clock)
{
	int64_t t = clock.right ? clock.boot + r->uptime : r->uptime;
	time_t s = (time_t)(t / SECOND);
	int ms = (int)(t % SECOND / 1000);
	struct tm tm;

	if (clock.right && gmtime_r(&s, &tm)) {
		size_t n = strftime(buf, TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &tm);

		snprintf(buf + n, TIME_BYTES - n, ".%03dZ", ms);
		return;
	}
	snprintf(buf, TIME_BYTES, "%" PRId64 ":%02d:%02d:%02d.%03d", (int64_t)(s / 86400),
		 (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60), ms);
}

static const char *severity_mark(int severity)
{
	if (severity <= LOG_ALERT)
		return "ALERT: ";
	return severity <= LOG_WARNING ? "WARNING: " : "";
}

static size_t checked(int n)
{
	if (n < 0)
		return 0;
	return n < LINE_BYTES ? (size_t)n : LINE_BYTES - 1;
}

const char *severity_code(int severity)
{
	static const char *const codes[] = { "Em", "Al", "Cr", "Er", "Wa", "No", "In", "Db" };

	return codes[severity & LOG_PRIMASK];
}

size_t format_vmkernel(char buf[static LINE_BYTES], const char *log, const struct record *r,
		       struct boot_clock clock)
{
	char when[TIME_BYTES], cpu[16] = "?";

	format_time(when, r, clock);
	if (r->cpu != CPU_UNKNOWN)
		snprintf(cpu, sizeof(cpu), "%d", r->cpu);
	return checked(snprintf(buf, LINE_BYTES, "%s %s(%d) %s: cpu%s:%d)%s%s: %s\n", when,
				severity_code(r->severity), LOG_LOCAL6 | r->severity, log, cpu,
				r->world, severity_mark(r->severity), r->component, r->text));
}

size_t format_syslog(char buf[static LINE_BYTES], const struct record *r, struct boot_clock clock)
{
	char when[TIME_BYTES];

	format_time(when, r, clock);
	return checked(snprintf(buf, LINE_BYTES, "%s %s(%d) %s[%d]: %s\n", when,
				severity_code(r->severity), r->facility << 3 | r->severity,
				r->component, r->world, r->text));
}
