// SPDX-License-Identifier: Apache-2.0
/*
 * What comes over the socket between the two processes of hostd, from a network process that is not
 * ours any more, or an executor that is not. The first byte says who listens and how the rest of
 * the input comes; then the bytes as they are sent, or one message whose head is made to fit.
 */
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "userworld/hostd/ask.h"
#include "userworld/hostd/wire.h"

#define NETWORK 1		     /* it listens: descriptors are taken */
#define FITS 2			     /* magic and length of the first head become right */
#define DESCRIPTOR 4		     /* one comes with the first byte */
#define PIECES 8		     /* the bytes come seven at a time */
#define INPUT_MAX ((size_t)32 << 10) /* what a socket takes at once */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct listener {
	struct wire *wire;
	size_t max;
	bool network;
};

/* As many of them as ask_parse() tells from each other: the real ones are another test's. */
static const struct core_op ops[] = {
	{ .name = "system.version", .method = "GET", .path = "/system/version" },
	{ .name = "system.reboot", .method = "POST", .privilege = CORE_CHANGE },
	{ .name = "auth.verify", .method = "POST", .privilege = CORE_LOCAL },
	{ .name = "bank.boot" },
};

const struct core_op *core_find(const char *name)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(ops[i].name, name))
			return &ops[i];
	return NULL;
}

static void check(bool good)
{
	if (!good)
		abort();
}

static bool ends_within(const char *text, size_t max)
{
	return strnlen(text, max + 1) <= max;
}

/* What was understood is what was said: packed again, it is the same message. */
static void pack_again(const struct ask *ask, json_t *message)
{
	json_t *again = ask_pack(ask);

	check(again);
	if (ask->type != ASK_CALL)
		json_object_set(again, "op", json_object_get(message, "op"));
	if (!ask->params)
		json_object_set(again, "params", json_object_get(message, "params"));
	check(json_equal(again, message));
	json_decref(again);
}

static void check_ask(unsigned int type, json_t *message)
{
	struct err e = ERR_INIT;
	struct ask ask;

	if (ask_parse(type, message, &ask, &e) < 0) {
		check(e.kind == ERR_INVALID && !strncmp(e.text, "message: ", 9));
		return;
	}
	check(type > 0 && type < ASK_TYPES && ask.type == type && !ask.local);
	check(ask.proof.kind < PROOF_KINDS && ends_within(ask.proof.user, SESSION_USER) &&
	      ends_within(ask.proof.secret, ASK_SECRET_MAX));
	check((ask.proof.kind == PROOF_CERTIFICATE) == (ask.proof.certificate != NULL));
	check(!ask.proof.certificate || ends_within(ask.proof.certificate, ASK_CERTIFICATE_MAX));
	check(ends_within(ask.from, ASK_FROM_MAX) && ends_within(ask.key, ASK_KEY_MAX) &&
	      ends_within(ask.match, ASK_TAG_MAX) && ask.size >= 0);
	if (type == ASK_CALL)
		check(ask.op->method && ask.op->privilege != CORE_LOCAL &&
		      json_is_object(ask.params));
	else
		check(!ask.op && (type == ASK_UPLOAD ? json_is_object(ask.params) : !ask.params));
	pack_again(&ask, message);
	ask_wipe(&ask);
	check(ask.proof.secret[0] == '\0');
}

static void take(void *context, const struct wire_head *head, json_t *message, int fd)
{
	const struct listener *l = context;

	check(message && !wire_check(head, l->max, l->network));
	check((fd >= 0) == (head->fds == 1));
	if (fd >= 0)
		close(fd);
	if (!l->network)
		check_ask(head->type, message);
}

static void lost(void *context, const char *text)
{
	struct listener *l = context;

	check(text && *text);
	wire_free(l->wire);
	l->wire = NULL;
}

static void send_piece(int to, const uint8_t *bytes, size_t len, int fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = len };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof(control.bytes);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.align), &fd, sizeof(int));
	}
	check(sendmsg(to, &m, MSG_NOSIGNAL) == (ssize_t)len);
}

/* The listener may hang up in the middle. */
static void send_all(struct event_base *base, struct listener *l, int to, const uint8_t *bytes,
		     size_t size, unsigned int how, int fd)
{
	size_t most = how & PIECES ? 7 : INPUT_MAX;

	while (size && l->wire) {
		size_t len = size < most ? size : most;

		send_piece(to, bytes, len, fd);
		bytes += len;
		size -= len;
		fd = -1;
		event_base_loop(base, EVLOOP_NONBLOCK);
	}
	for (int i = 0; l->wire && i < 4; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static void make_it_fit(uint8_t *bytes, size_t size)
{
	struct wire_head head;

	if (size < sizeof(head))
		return;
	memcpy(&head, bytes, sizeof(head));
	head.magic = WIRE_MAGIC;
	head.length = (uint32_t)(size - sizeof(head));
	head.fds &= 1;
	memcpy(bytes, &head, sizeof(head));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct event_base *base;
	struct pollfd left = { .events = POLLIN };
	struct listener l = { 0 };
	int ends[2], pipe_ends[2] = { -1, -1 };
	uint8_t *bytes;

	if (size < 2 || size > INPUT_MAX)
		return 0;
	if (!base)
		base = event_base_new();
	l.network = data[0] & NETWORK;
	l.max = l.network ? WIRE_ANSWER_MAX : WIRE_ASK_MAX;
	check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 &&
	      pipe(pipe_ends) == 0);
	l.wire = wire_new(base, ends[0], l.max, l.network, take, lost, &l);
	bytes = malloc(size - 1);
	check(l.wire && bytes);
	memcpy(bytes, data + 1, size - 1);
	if (data[0] & FITS)
		make_it_fit(bytes, size - 1);
	send_all(base, &l, ends[1], bytes, size - 1, data[0],
		 data[0] & DESCRIPTOR ? pipe_ends[1] : -1);
	if (l.wire)
		wire_free(l.wire);
	close(ends[1]);
	close(pipe_ends[1]);
	/* Nobody keeps a descriptor that came: the pipe has no writer left. */
	left.fd = pipe_ends[0];
	check(poll(&left, 1, 0) == 1 && (left.revents & POLLHUP));
	close(pipe_ends[0]);
	free(bytes);
	return 0;
}
