/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of userworlds, on their way to /var/log/vmkernel.log.
 *
 * A message is one datagram to /dev/log: "<PRI>COMPONENT: TEXT", PRI being
 * syslog's facility (daemon, 3) * 8 + severity. The logger learns the process
 * id from the socket, so it is not written into the text. When nobody listens
 * there (early boot, logger restarting) the line goes to /dev/kmsg, where the
 * logger finds it later, and to stderr if that cannot be opened.
 *
 * Nothing here allocates; a message is cut at LOG_TEXT_MAX bytes and control
 * characters become spaces. A sender waits at most log_patience() milliseconds
 * for a logger that does not keep up; what is lost then is counted and said
 * with the next message that gets through. Not for use by several threads
 * before log_open() has returned; after that, any thread may log.
 */
#ifndef VISOR_LOG_H
#define VISOR_LOG_H

#include <syslog.h>

#include "err.h"
#include "event_type.h"

#define LOG_SOCKET "/dev/log"
#define LOG_TEXT_MAX 2000	  /* bytes of one message, component included */
#define LOG_COMPONENT_MAX 31	  /* bytes of a component's name */
#define LOG_PATIENCE_DEFAULT 200  /* milliseconds */
#define EVENT_FACILITY LOG_LOCAL5 /* events that the logger is to keep */

/* Names the component of all later messages and connects to the logger. */
void log_open(const char *component);

/*
 * For a forked child that has closed all descriptors at once: the log's numbers
 * are not its own any more. Call log_open() next.
 */
void log_forget(void);

/* As log_open(), but messages go to stderr only: for programs a person runs. */
void log_open_stderr(const char *component);

/*
 * Messages go to a function instead, which must not log: for a process that has no way to the
 * logger. What it is given is flat: one line, without control characters.
 */
void log_to(void (*take)(int severity, const char *text));

/* How long one message may wait, in milliseconds; 0 never waits. */
void log_patience(unsigned int milliseconds);

/* Facility of all later messages, as syslog(3) has them; LOG_DAEMON at the start. */
void log_facility(int of_syslog);

/* Messages above this severity are dropped; LOG_INFO at the start, LOG_DEBUG with -v. */
void log_max_severity(int severity);

/* One message of a syslog severity (LOG_EMERG 0 .. LOG_DEBUG 7). errno is kept. */
void log_write(int severity, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * An event: a line of event_line(), which the logger also keeps until it is in the store of
 * events. It goes to the kernel's log if the logger cannot take it now, so it is never lost.
 */
void log_event(enum event_id id, const struct event_detail *details, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A line that event_line() has made, with the facility of other messages or EVENT_FACILITY. */
void log_event_line(int of_syslog, int severity, const char *line);

/*
 * A line under another component's name and facility: of the audit log, say. It waits for the
 * logger as an event does, and is never lost.
 */
void log_as(const char *component, int of_syslog, int severity, const char *line);

/* Logs an error made by err_set() and friends: severity LOG_ERR. */
void log_err(const struct err *e);

/*
 * The usual six. Those without x append ": strerror(errno)"; the fatal ones
 * end the process with exit code 1.
 */
void log_fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void log_fatalx(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
