// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"

void output_hand_over(struct table *t, struct world *w)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char line[64];
	struct iovec iov = { .iov_base = line };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (t->logger < 0 || w->output < 0)
		return;
	iov.iov_len = (size_t)snprintf(line, sizeof(line), "%s %d\n", w->conf.name, w->pid);
	msg.msg_control = control.space;
	msg.msg_controllen = sizeof(control.space);
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &w->output, sizeof(int));
	if (sendmsg(t->logger, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
		log_warn("userworld %s: hand its output to the logger", w->conf.name);
		output_lost(t);
	}
}

void output_connect(struct table *t)
{
	static const struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = OUTPUT_SOCKET };

	if (t->logger >= 0)
		return;
	t->logger = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->logger < 0)
		return;
	if (connect(t->logger, (const struct sockaddr *)&to, sizeof(to)) < 0 ||
	    watch_add(t, t->logger, EPOLLRDHUP, WATCH_LOGGER, 0) < 0) {
		close_fd(&t->logger);
		return;
	}
	table_for_each (t, w)
		output_hand_over(t, w);
}

void output_lost(struct table *t)
{
	close_fd(&t->logger);
}
