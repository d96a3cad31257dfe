// SPDX-License-Identifier: Apache-2.0
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define KMSG_MAX 900 /* the kernel takes 1024 minus its own prefix */

static char component[LOG_COMPONENT_MAX + 1] = "?";
static int sock = -1;
static int kmsg = -1;
static bool to_stderr = true;
static int max_severity = LOG_INFO;
static int facility = LOG_DAEMON;
static unsigned int patience = LOG_PATIENCE_DEFAULT;
static unsigned int lost;
static void (*taker)(int severity, const char *text);

/*
 * The socket stays unconnected: a logger that was restarted has bound a new
 * inode to the path, and a connected socket would go on talking to the old.
 */
static void open_socket(void)
{
	struct timeval tv = { .tv_sec = patience / 1000, .tv_usec = patience % 1000 * 1000 };

	if (sock < 0)
		sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock >= 0 && patience)
		setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

void log_open(const char *name)
{
	snprintf(component, sizeof(component), "%s", name);
	to_stderr = false;
	if (kmsg < 0)
		kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	open_socket();
}

void log_forget(void)
{
	sock = -1;
	kmsg = -1;
}

void log_open_stderr(const char *name)
{
	snprintf(component, sizeof(component), "%s", name);
	to_stderr = true;
}

void log_to(void (*take)(int severity, const char *text))
{
	taker = take;
}

void log_patience(unsigned int milliseconds)
{
	patience = milliseconds;
	if (!to_stderr)
		open_socket();
}

void log_facility(int of_syslog)
{
	facility = of_syslog;
}

void log_max_severity(int severity)
{
	max_severity = severity;
}

static int send_line(const char *line, size_t len)
{
	static const struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = LOG_SOCKET };
	int flags = MSG_NOSIGNAL | (patience ? 0 : MSG_DONTWAIT);
	ssize_t n;

	do {
		n = sendto(sock, line, len, flags, (const struct sockaddr *)&to, sizeof(to));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

static int deliver(int priority, const char *text, bool to_kernel)
{
	char line[LOG_TEXT_MAX + 64];
	int len = snprintf(line, sizeof(line), "<%d>%s: %s", priority, component, text);

	if (len >= (int)sizeof(line))
		len = sizeof(line) - 1;
	if (!to_kernel)
		return send_line(line, (size_t)len);
	/* A longer record is refused, and one without newline stays hidden until the next. */
	if (len > KMSG_MAX)
		len = KMSG_MAX;
	line[len++] = '\n';
	return write(kmsg, line, (size_t)len) < 0 ? -1 : 0;
}

static void say_what_was_lost(void)
{
	char note[64];

	snprintf(note, sizeof(note), "%u messages lost: the logger was behind", lost);
	if (deliver(facility | LOG_WARNING, note, false) == 0)
		lost = 0;
}

static void emit(int priority, const char *text)
{
	if (taker) {
		taker(LOG_PRI(priority), text);
		return;
	}
	if (!to_stderr && sock >= 0) {
		if (lost)
			say_what_was_lost();
		if (deliver(priority, text, false) == 0)
			return;
		if (errno == EAGAIN && LOG_FAC(priority) != LOG_FAC(EVENT_FACILITY) &&
		    LOG_FAC(priority) != LOG_FAC(LOG_AUTHPRIV)) {
			lost++;
			return;
		}
	}
	if (!to_stderr && kmsg >= 0 && deliver(priority, text, true) == 0)
		return;
	dprintf(STDERR_FILENO, "%s: %s\n", component, text);
}

/* One line is one message: what would break the line form becomes a space. */
static void flatten(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = ' ';
}

__attribute__((format(printf, 3, 0))) static void vwrite(int severity, int num, const char *fmt,
							 va_list ap)
{
	char text[LOG_TEXT_MAX];
	int saved = errno;
	int len;

	if (severity > max_severity)
		return;
	len = vsnprintf(text, sizeof(text), fmt, ap);
	if (num && len >= 0 && len < (int)sizeof(text))
		snprintf(text + len, sizeof(text) - (size_t)len, ": %s", strerror(num));
	flatten(text);
	emit(facility | severity, text);
	errno = saved;
}

/* clang-format off */
#define VWRITE(severity, num)                                                                      \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, fmt);                                                                 \
		vwrite(severity, num, fmt, ap);                                                    \
		va_end(ap);                                                                        \
	} while (0)
/* clang-format on */

void log_write(int severity, const char *fmt, ...)
{
	VWRITE(severity, 0);
}

void log_fatal(const char *fmt, ...)
{
	VWRITE(LOG_CRIT, errno);
	exit(1);
}

void log_fatalx(const char *fmt, ...)
{
	VWRITE(LOG_CRIT, 0);
	exit(1);
}

void log_warn(const char *fmt, ...)
{
	VWRITE(LOG_WARNING, errno);
}

void log_warnx(const char *fmt, ...)
{
	VWRITE(LOG_WARNING, 0);
}

void log_info(const char *fmt, ...)
{
	VWRITE(LOG_INFO, 0);
}

void log_debug(const char *fmt, ...)
{
	VWRITE(LOG_DEBUG, 0);
}

void log_event_line(int of_syslog, int severity, const char *line)
{
	int saved = errno;

	emit(of_syslog | severity, line);
	errno = saved;
}

void log_as(const char *name, int of_syslog, int severity, const char *line)
{
	char own[sizeof(component)];
	int saved = errno;

	memcpy(own, component, sizeof(own));
	snprintf(component, sizeof(component), "%s", name);
	emit(of_syslog | severity, line);
	memcpy(component, own, sizeof(own));
	errno = saved;
}

void log_event(enum event_id id, const struct event_detail *details, const char *fmt, ...)
{
	const struct event_head *head = event_head(id);
	char text[EVENT_TEXT_MAX], packed[EVENT_DETAILS_MAX], line[EVENT_LINE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	flatten(text);
	event_details(packed, details);
	event_line(line, head->id, text, packed);
	log_event_line(EVENT_FACILITY, head->severity, line);
}

void log_err(const struct err *e)
{
	log_write(LOG_ERR, "%s", e->text);
}
