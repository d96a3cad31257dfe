// SPDX-License-Identifier: Apache-2.0
#include "forward.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sink.h"
#include "userworld/lib/unixsock.h"

#define PEER_QUEUE (256 * 1024) /* bytes of the socket */

int forward_open(struct forward *f, const char *path, int epoll, unsigned int peer_watch,
		 struct err *e)
{
	f->epoll = epoll;
	f->peer = -1;
	f->peer_watch = peer_watch;
	/* Numbers of a logger that was started again are higher than all of the one before. */
	f->first = (uint64_t)uptime_now() + 1;
	ring_init(&f->ring, f->space, sizeof(f->space), f->first);
	f->listener = unixsock_listen(path, SOCK_SEQPACKET, 1, e);
	return f->listener < 0 ? -1 : 0;
}

static void drop_peer(struct forward *f)
{
	close(f->peer);
	f->peer = -1;
}

void forward_accept(struct forward *f)
{
	int fd = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = f->peer_watch };
	int bytes = PEER_QUEUE;

	if (fd < 0)
		return;
	if (f->peer >= 0)
		drop_peer(f);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes));
	f->peer = fd;
	f->begun = f->waiting = false;
	if (epoll_ctl(f->epoll, EPOLL_CTL_ADD, fd, &ev) < 0)
		drop_peer(f);
}

/* Goes past the records that the forwarder had before it was started again. */
static void begin(struct forward *f, uint64_t had)
{
	char none[1];
	uint64_t number;

	f->reader = (struct ring_reader){ 0 };
	if (had >= f->first && f->ring.oldest > had + 1)
		f->reader.missed = f->ring.oldest - had - 1;
	while (ring_peek(&f->ring, &f->reader, none, sizeof(none), &number) && number <= had)
		ring_step(&f->ring, &f->reader);
	f->begun = true;
}

void forward_event(struct forward *f)
{
	struct forward_hello hello;
	ssize_t n;

	if (f->peer < 0)
		return;
	n = recv(f->peer, &hello, sizeof(hello), MSG_DONTWAIT);
	if (n == sizeof(hello))
		begin(f, hello.had);
	else if (n >= 0 || (errno != EAGAIN && errno != EINTR))
		drop_peer(f);
	if (f->peer >= 0)
		forward_push(f);
}

void forward_put(struct forward *f, const struct record *r)
{
	static struct forward_packet p;
	size_t len = strlen(r->text);

	p.uptime = r->uptime;
	p.severity = r->severity;
	p.facility = r->facility;
	p.world = r->world;
	strcpy(p.component, r->component);
	memcpy(p.text, r->text, len);
	ring_put(&f->ring, &p, FORWARD_HEAD + len);
}

static void wait_for_room(struct forward *f, bool wait)
{
	struct epoll_event ev = { .events = EPOLLIN | (wait ? EPOLLOUT : 0),
				  .data.u32 = f->peer_watch };

	if (f->waiting != wait)
		epoll_ctl(f->epoll, EPOLL_CTL_MOD, f->peer, &ev);
	f->waiting = wait;
}

void forward_push(struct forward *f)
{
	static struct forward_packet p;
	size_t len;

	if (f->peer < 0 || !f->begun)
		return;
	while ((len = ring_peek(&f->ring, &f->reader, &p, sizeof(p), &p.number))) {
		p.missed = f->reader.missed;
		if (send(f->peer, &p, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
			if (errno == EAGAIN)
				wait_for_room(f, true);
			else if (errno != EINTR)
				drop_peer(f);
			return;
		}
		f->reader.missed = 0;
		ring_step(&f->ring, &f->reader);
	}
	wait_for_room(f, false);
}
