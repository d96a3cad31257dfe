// SPDX-License-Identifier: Apache-2.0
#include "control.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine.h"
#include "load.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"
#include "userworld/lib/unixsock.h"

#define CLIENTS_MAX 16
#define LINE_MAX_BYTES 128
#define ANSWER_MAX (WORLDS_MAX * 448)

enum waiting { NOT_WAITING, UNTIL_STARTED, UNTIL_DOWN };

static struct client {
	int fd; /* 0: free slot, since no socket is descriptor 0 here */
	size_t have;
	char line[LINE_MAX_BYTES];
	enum waiting waiting;
	unsigned int world;
} clients[CLIENTS_MAX];

static char answer_text[ANSWER_MAX];

static void hang_up(struct client *c)
{
	close(c->fd);
	*c = (struct client){ 0 };
}

/* The answer fits the socket's buffer; a client that does not read it loses it. */
static void answer(struct client *c, const char *text)
{
	if (send(c->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_debug("control: answer lost: %s", strerror(errno));
	hang_up(c);
}

static void answer_err(struct client *c, const struct err *e)
{
	char text[640];

	snprintf(text, sizeof(text), "error %s %s\n", err_name(e->kind), e->text);
	answer(c, text);
}

int control_open(struct table *t, const char *path, struct err *e)
{
	_cleanup_close_ int fd = unixsock_listen(path, SOCK_STREAM, CLIENTS_MAX, e);

	if (fd < 0)
		return -1;
	if (watch_add(t, fd, EPOLLIN, WATCH_LISTEN, (unsigned int)fd) < 0)
		return err_sys(e, errno, "%s: watch", path);
	steal_fd(&fd);
	return 0;
}

void control_accept(struct table *t, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	for (unsigned int i = 0; i < CLIENTS_MAX; i++) {
		struct ucred cred;
		socklen_t len = sizeof(cred);

		if (clients[i].fd)
			continue;
		clients[i].fd = fd;
		if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0 || cred.uid != 0)
			answer(&clients[i], "error denied only root may ask the supervisor\n");
		else if (watch_add(t, fd, EPOLLIN | EPOLLRDHUP, WATCH_CLIENT, i) < 0)
			hang_up(&clients[i]);
		return;
	}
	close(fd);
}

static void list(struct table *t, struct client *c)
{
	size_t n = 0;

	answer_text[0] = '\0';
	table_for_each (t, w) {
		int len = snprintf(answer_text + n, sizeof(answer_text) - n,
				   "name=%s state=%s pid=%d restarts=%u essential=%s "
				   "autostart=%s pool=%s since=%" PRId64 "\n",
				   w->conf.name, state_name(w->state), w->pid, w->restarts,
				   w->conf.essential ? "yes" : "no",
				   w->conf.autostart ? "yes" : "no", w->conf.pool, w->since / 1000);

		if (len < 0 || n + (size_t)len >= sizeof(answer_text))
			break;
		n += (size_t)len;
	}
	answer(c, n ? answer_text : "\n");
}

static int request(struct table *t, struct client *c, const char *verb, const char *name,
		   struct err *e)
{
	struct world *w = world_find(t, name);

	if (!w)
		return err_set(e, ERR_NOT_FOUND, "no userworld '%s'", name);
	if (t->shutting_down)
		return err_set(e, ERR_CONFLICT, "the host is shutting down");
	c->world = world_index(t, w);
	if (!strcmp(verb, "stop")) {
		c->waiting = UNTIL_DOWN;
		return engine_feed(t, w, WE_STOP, e);
	}
	if (engine_conditions(t, w, e) < 0)
		return -1;
	c->waiting = UNTIL_STARTED;
	return engine_feed(t, w, !strcmp(verb, "start") ? WE_START : WE_RESTART, e);
}

/* init owns the end of the host; it asks us back for an orderly stop of the worlds. */
static int ask_init(int sig, struct err *e)
{
	if (kill(getppid(), sig) < 0)
		return err_sys(e, errno, "signal to init");
	return 0;
}

static int dispatch(struct table *t, struct client *c, struct err *e)
{
	char *save, *verb = strtok_r(c->line, " ", &save);
	char *name = strtok_r(NULL, " ", &save);
	int refused;

	if (!verb)
		return err_set(e, ERR_USAGE, "empty request");
	if (name && (!strcmp(verb, "start") || !strcmp(verb, "stop") || !strcmp(verb, "restart")))
		return request(t, c, verb, name, e);
	if (!name && !strcmp(verb, "list")) {
		list(t, c);
		return 0;
	}
	if (!name && !strcmp(verb, "reload")) {
		refused = load_worlds(t, e);
		if (refused > 0)
			err_wrap(e, "%d config files refused, the last one", refused);
		return refused ? -1 : 0;
	}
	if (!name && !strcmp(verb, "shutdown"))
		return ask_init(SIGUSR2, e);
	if (!name && !strcmp(verb, "reboot"))
		return ask_init(SIGTERM, e);
	return err_set(e, ERR_USAGE, "unknown request '%s'", verb);
}

static void line_done(struct table *t, struct client *c)
{
	struct err e = ERR_INIT;

	if (dispatch(t, c, &e) < 0)
		answer_err(c, &e);
	else if (c->fd && c->waiting == NOT_WAITING)
		answer(c, "ok\n");
}

void control_input(struct table *t, unsigned int index)
{
	struct client *c = &clients[index];
	ssize_t n;
	char *end;

	if (!c->fd)
		return;
	n = recv(c->fd, c->line + c->have, sizeof(c->line) - 1 - c->have, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || c->waiting) {
		hang_up(c);
		return;
	}
	c->have += (size_t)n;
	c->line[c->have] = '\0';
	end = strchr(c->line, '\n');
	if (end) {
		*end = '\0';
		line_done(t, c);
	} else if (c->have == sizeof(c->line) - 1) {
		answer(c, "error usage the request is too long\n");
	}
}

static void settle_start(struct client *c, const struct world *w)
{
	char text[160];

	switch (w->state) {
	case WS_STOPPING:
	case WS_RESTARTING:
		return;
	case WS_BACKOFF:
	case WS_FAILED:
	case WS_DOWN:
		snprintf(text, sizeof(text),
			 "error unavailable userworld %s did not start; see vmkernel.log\n",
			 w->conf.name);
		answer(c, text);
		return;
	default:
		answer(c, "ok\n");
	}
}

void control_settle(struct table *t)
{
	for (unsigned int i = 0; i < CLIENTS_MAX; i++) {
		struct client *c = &clients[i];
		const struct world *w = &t->worlds[c->world];

		if (!c->fd || !c->waiting)
			continue;
		if (c->waiting == UNTIL_STARTED)
			settle_start(c, w);
		else if (!state_has_pool(w->state))
			answer(c, "ok\n");
	}
}
