/* SPDX-License-Identifier: Apache-2.0 */
/* One message on its way into the logs. Pure: parsing and formatting only. */
#ifndef VMKLOGGER_RECORD_H
#define VMKLOGGER_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define COMPONENT_MAX 31
#define TEXT_MAX 2000
#define LINE_BYTES (TEXT_MAX + 192) /* any formatted line, newline and NUL included */
#define CPU_UNKNOWN (-1)
#define TIME_BYTES 48 /* any formatted time */

struct record {
	int severity;	/* of syslog: 0 emergency .. 7 debug */
	int facility;	/* of syslog: 0 kernel .. 23 local7 */
	int cpu;	/* CPU_UNKNOWN if nobody can tell */
	pid_t world;	/* process id, 0 for the kernel */
	int64_t uptime; /* microseconds since boot when it was written */
	bool event;	/* goes to the spool of events, too: root has said so (spool.h) */
	bool audit;	/* of the audit log: root has said so */
	char component[COMPONENT_MAX + 1];
	char text[TEXT_MAX + 1]; /* no control characters */
};

/* The wall clock at boot in microseconds since 1970, and whether it is to be believed. */
struct boot_clock {
	int64_t boot;
	bool right;
};

/* The wall clock is believed once it is past this; a host without a battery starts in 1970. */
#define CLOCK_RIGHT_FROM INT64_C(1735689600) /* 2025-01-01, in seconds */

/* Microseconds of CLOCK_MONOTONIC, the clock of the kernel's log. */
int64_t uptime_now(void);

/* The wall clock at boot by the clock as it is now. */
struct boot_clock clock_now(void);

/*
 * A record of /dev/kmsg: "PRI,SEQ,USEC,FLAGS[,caller=T12];TEXT\n KEY=VALUE...".
 * Text a userworld wrote there has its component in front. 0, or -1 if it is
 * not of that form. seq may be NULL.
 */
int kmsg_parse(const char *data, size_t len, struct record *r, uint64_t *seq);

/*
 * A datagram of /dev/log: "<PRI>[Mmm dd hh:mm:ss ]TAG[[PID]]: TEXT". Anything
 * without priority or tag is taken as text of severity notice, facility user.
 * Sets severity, facility, component and text.
 */
void syslog_parse(const char *data, size_t len, struct record *r);

/* A line of a userworld's standard output. Sets severity, facility and text. */
void output_parse(const char *data, size_t len, struct record *r);

/* "2026-11-22T13:00:01.123Z" or, before the clock is right, "0:00:00:04.240". */
void format_time(char buf[static TIME_BYTES], const struct record *r, struct boot_clock clock);

/*
 * vmkernel.log and vmkwarning.log, named by log ("vmkernel"); returns the length:
 * "TIME In(182) LOG: cpuN:WORLD)[WARNING: |ALERT: ]COMPONENT: TEXT\n". In is the
 * severity, 182 the priority of syslog: facility local6 * 8 + severity.
 */
size_t format_vmkernel(char buf[static LINE_BYTES], const char *log, const struct record *r,
		       struct boot_clock clock);

/* The other logs: "TIME In(30) COMPONENT[WORLD]: TEXT\n". */
size_t format_syslog(char buf[static LINE_BYTES], const struct record *r, struct boot_clock clock);

/* "Em", "Al", "Cr", "Er", "Wa", "No", "In" or "Db". */
const char *severity_code(int severity);

#endif
