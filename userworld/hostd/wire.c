// SPDX-License-Identifier: Apache-2.0
/* Messages between the executor and the network process. */
#include "wire.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#define FDS_MAX 64  /* descriptors that have come before their messages */
#define PIECE 16384 /* bytes that are read at once */

struct out {
	STAILQ_ENTRY(out) link;
	int fd;
	size_t length, sent;
	char bytes[];
};

struct wire {
	int fd;
	size_t max;
	bool takes_fds;
	bool ended;
	bool *freed; /* set by wire_free() while a callback runs */
	wire_take *take;
	wire_lost *lost;
	void *context;
	struct event *readable, *writable;
	struct evbuffer *in;
	int fds[FDS_MAX];
	unsigned int n_fds;
	STAILQ_HEAD(, out) queue;
	size_t waiting;
};

const char *wire_check(const struct wire_head *head, size_t max, bool takes_fds)
{
	if (head->magic != WIRE_MAGIC)
		return "not a message";
	if (head->length > max)
		return "a message that is too long";
	if (head->fds > (takes_fds ? 1 : 0))
		return "a descriptor that must not come";
	return NULL;
}

static void lose(struct wire *w, const char *text)
{
	if (w->ended)
		return;
	w->ended = true;
	event_del(w->readable);
	event_del(w->writable);
	w->lost(w->context, text);
}

static int next_fd(struct wire *w)
{
	int fd;

	if (!w->n_fds)
		return -1;
	fd = w->fds[0];
	memmove(w->fds, w->fds + 1, --w->n_fds * sizeof(int));
	return fd;
}

/* One message from the buffer: 1 taken, 0 not there as a whole, -1 lost (w may be gone). */
static int take_one(struct wire *w)
{
	struct wire_head head;
	bool freed = false;
	const char *bad;
	json_t *message;
	int fd = -1;

	if (evbuffer_copyout(w->in, &head, sizeof(head)) < (ev_ssize_t)sizeof(head))
		return 0;
	bad = wire_check(&head, w->max, w->takes_fds);
	if (bad) {
		lose(w, bad);
		return -1;
	}
	if (evbuffer_get_length(w->in) < sizeof(head) + head.length)
		return 0;
	evbuffer_drain(w->in, sizeof(head));
	message = json_loadb((const char *)evbuffer_pullup(w->in, head.length), head.length,
			     JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
	evbuffer_drain(w->in, head.length);
	if (message && head.fds && (fd = next_fd(w)) < 0)
		message = (json_decref(message), NULL);
	if (!message) {
		lose(w, "a message that is not JSON");
		return -1;
	}
	w->freed = &freed;
	w->take(w->context, &head, message, fd);
	json_decref(message);
	if (freed)
		return -1;
	w->freed = NULL;
	return w->ended ? -1 : 1;
}

static void keep_fds(struct wire *w, struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		int fd;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
		if (w->n_fds < FDS_MAX)
			w->fds[w->n_fds++] = fd;
		else
			close(fd);
	}
}

/* Without a place for it the kernel keeps a descriptor to itself. */
static ssize_t receive(struct wire *w, char *piece)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { .iov_base = piece, .iov_len = PIECE };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t len;

	if (w->takes_fds) {
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof(control.bytes);
	}
	len = recvmsg(w->fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (len > 0 && w->takes_fds)
		keep_fds(w, &m);
	return len;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct wire *w = arg;
	char piece[PIECE];
	int taken = 1;
	ssize_t len;

	(void)fd, (void)what;
	len = receive(w, piece);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0) {
		lose(w, "gone");
		return;
	}
	if (evbuffer_add(w->in, piece, (size_t)len) < 0) {
		lose(w, "out of memory");
		return;
	}
	while (taken > 0)
		taken = take_one(w);
}

static ssize_t transmit(const struct wire *w, const struct out *o)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)(uintptr_t)(o->bytes + o->sent),
			     .iov_len = o->length - o->sent };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	/* It goes with the first byte. */
	if (o->fd >= 0 && o->sent == 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof(control.bytes);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.align), &o->fd, sizeof(int));
	}
	return sendmsg(w->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void drop(struct wire *w, struct out *o)
{
	STAILQ_REMOVE_HEAD(&w->queue, link);
	w->waiting -= o->length;
	if (o->fd >= 0)
		close(o->fd);
	explicit_bzero(o->bytes, o->length);
	free(o);
}

/* A peer that has gone is noticed when it is read from. */
static void flush(struct wire *w)
{
	struct out *o;

	while ((o = STAILQ_FIRST(&w->queue))) {
		ssize_t len = transmit(w, o);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno != EAGAIN) {
			drop(w, o);
			continue;
		}
		if (len > 0)
			o->sent += (size_t)len;
		if (len < 0 || o->sent < o->length) {
			event_add(w->writable, NULL);
			return;
		}
		drop(w, o);
	}
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	flush(arg);
}

static struct out *pack(uint32_t id, unsigned int type, const json_t *message, int fd)
{
	struct wire_head head = { .magic = WIRE_MAGIC, .id = id, .type = (uint16_t)type };
	char *text = json_dumps(message, JSON_COMPACT | JSON_ENCODE_ANY);
	struct out *o = NULL;

	if (!text)
		return NULL;
	head.length = (uint32_t)strlen(text);
	head.fds = fd >= 0;
	o = malloc(sizeof(*o) + sizeof(head) + head.length);
	if (o) {
		o->fd = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;
		o->sent = 0;
		o->length = sizeof(head) + head.length;
		memcpy(o->bytes, &head, sizeof(head));
		memcpy(o->bytes + sizeof(head), text, head.length);
		if (fd >= 0 && o->fd < 0) {
			free(o);
			o = NULL;
		}
	}
	explicit_bzero(text, head.length);
	free(text);
	return o;
}

int wire_send(struct wire *w, uint32_t id, unsigned int type, json_t *message, int fd)
{
	struct out *o = w->ended ? NULL : pack(id, type, message, fd);

	if (!o)
		return -1;
	STAILQ_INSERT_TAIL(&w->queue, o, link);
	w->waiting += o->length;
	if (w->waiting > WIRE_WAITING) {
		lose(w, "does not read");
		return -1;
	}
	flush(w);
	return 0;
}

struct wire *wire_new(struct event_base *base, int fd, size_t max, bool takes_fds, wire_take *take,
		      wire_lost *lost, void *context)
{
	struct wire *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	STAILQ_INIT(&w->queue);
	w->fd = fd;
	w->max = max;
	w->takes_fds = takes_fds;
	w->take = take;
	w->lost = lost;
	w->context = context;
	evutil_make_socket_nonblocking(fd);
	w->in = evbuffer_new();
	w->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, w);
	w->writable = event_new(base, fd, EV_WRITE, on_writable, w);
	if (!w->in || !w->readable || !w->writable || event_add(w->readable, NULL) < 0) {
		wire_free(w);
		return NULL;
	}
	return w;
}

void wire_free(struct wire *w)
{
	if (w->freed)
		*w->freed = true;
	while (!STAILQ_EMPTY(&w->queue))
		drop(w, STAILQ_FIRST(&w->queue));
	while (w->n_fds)
		close(next_fd(w));
	if (w->readable)
		event_free(w->readable);
	if (w->writable)
		event_free(w->writable);
	if (w->in)
		evbuffer_free(w->in);
	close(w->fd);
	free(w);
}
