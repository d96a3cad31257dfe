// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#define BATCH 256 /* packets before the targets get their turn */

static void retry_later(struct source *s)
{
	struct timeval second = { .tv_sec = 1 };

	evtimer_add(s->retry, &second);
}

static void disconnect(struct source *s)
{
	close(event_get_fd(s->event));
	event_free(s->event);
	s->event = NULL;
	retry_later(s);
}

static void put_missed(struct source *s, const struct forward_packet *before)
{
	static struct forward_packet p;

	p = *before;
	p.severity = LOG_WARNING;
	p.facility = LOG_FAC(LOG_SYSLOG);
	strcpy(p.component, "syslogfwd");
	snprintf(p.text, sizeof(p.text),
		 "%" PRIu64 " messages were lost: more came at once than could be kept",
		 before->missed);
	ring_put(&s->f->ring, &p, FORWARD_HEAD + strlen(p.text));
}

/* False when nothing more is there. */
static bool take(struct source *s)
{
	static struct forward_packet p;
	ssize_t n = recv(event_get_fd(s->event), &p, sizeof(p) - 1, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n < (ssize_t)FORWARD_HEAD) {
		disconnect(s);
		return false;
	}
	p.component[COMPONENT_MAX] = '\0';
	if (p.missed)
		put_missed(s, &p);
	ring_put(&s->f->ring, &p, (size_t)n);
	s->had = p.number;
	return true;
}

static void on_packets(evutil_socket_t fd, short what, void *arg)
{
	struct source *s = arg;

	(void)fd;
	(void)what;
	for (int i = 0; i < BATCH && take(s); i++)
		;
	s->news(s->f);
}

static int connect_logger(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void on_retry(evutil_socket_t none, short what, void *arg)
{
	struct source *s = arg;
	struct forward_hello hello = { .had = s->had };
	int fd = connect_logger(s->path);

	(void)none;
	(void)what;
	if (fd < 0 || send(fd, &hello, sizeof(hello), MSG_NOSIGNAL) < 0 ||
	    !(s->event = event_new(s->f->base, fd, EV_READ | EV_PERSIST, on_packets, s))) {
		if (fd >= 0)
			close(fd);
		retry_later(s);
		return;
	}
	event_add(s->event, NULL);
}

int source_open(struct source *s, struct forwarder *f, const char *path, uint64_t had,
		void (*news)(struct forwarder *f), struct err *e)
{
	*s = (struct source){ .f = f, .path = path, .had = had, .news = news };
	s->retry = evtimer_new(f->base, on_retry, s);
	if (!s->retry)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	on_retry(-1, 0, s);
	return 0;
}
