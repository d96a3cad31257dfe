// SPDX-License-Identifier: Apache-2.0
/* Syslog over UDP, RFC 5426: a datagram each. It is gone when it is sent; nobody says if it
 * arrived. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "target.h"

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	target_pump(arg);
}

/* Connected, so that a "port unreachable" comes back as an error. */
void datagram_open(struct target *t, const struct sockaddr *to, socklen_t len)
{
	int fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || connect(fd, to, len) < 0) {
		int num = errno;

		if (fd >= 0)
			close(fd);
		target_lost(t, strerror(num));
		return;
	}
	t->datagram = event_new(t->f->base, fd, EV_WRITE, on_writable, t);
	if (!t->datagram) {
		close(fd);
		target_lost(t, "out of memory");
		return;
	}
	target_up(t);
}

void datagram_pump(struct target *t)
{
	char buf[MESSAGE_BYTES];
	size_t len;

	while ((len = target_message(t, buf))) {
		if (send(event_get_fd(t->datagram), buf, len, MSG_NOSIGNAL) < 0) {
			if (errno == EAGAIN || errno == ENOBUFS)
				event_add(t->datagram, NULL);
			else if (errno != EINTR)
				target_lost(t, strerror(errno));
			return;
		}
		target_gave(t);
		target_took(t);
	}
}

void datagram_close(struct target *t)
{
	if (!t->datagram)
		return;
	close(event_get_fd(t->datagram));
	event_free(t->datagram);
	t->datagram = NULL;
}
