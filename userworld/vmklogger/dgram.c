// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/file.h"
#include "userworld/lib/log.h"

#define BATCH 64		  /* datagrams before others get their turn */
#define QUEUE_BYTES (1024 * 1024) /* of the socket */
#define CPU_GOOD_FOR 100000	  /* microseconds */
#define CPU_SLOTS 61		  /* processes remembered */
#define CPU_FIELD 39		  /* of /proc/PID/stat, from 1 */

int dgram_open(const char *path, struct err *e)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, bytes = QUEUE_BYTES;

	if (fd < 0)
		return err_sys(e, errno, "socket");
	if (strlen(path) >= sizeof(at.sun_path))
		return err_sys(e, ENAMETOOLONG, "%s", path);
	strcpy(at.sun_path, path);
	unlink(path);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || chmod(path, 0666) < 0)
		return err_sys(e, errno, "%s: listen", path);
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return err_sys(e, errno, "%s: ask for the senders' process ids", path);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	return steal_fd(&fd);
}

static int read_cpu(pid_t pid)
{
	char path[32], text[1024], *p;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0)
		return CPU_UNKNOWN;
	/* The name in brackets may hold anything: count from behind it, field 2. */
	p = strrchr(text, ')');
	for (int field = 2; p && field < CPU_FIELD; field++)
		p = strchr(p + 1, ' ');
	return p ? atoi(p + 1) : CPU_UNKNOWN;
}

/* Whoever writes much is not looked up for every line, nor are several who take turns. */
int cpu_of(pid_t pid)
{
	static struct {
		int64_t when;
		pid_t pid;
		int cpu;
	} seen[CPU_SLOTS];
	unsigned int slot = (unsigned int)pid % CPU_SLOTS;
	int64_t now = uptime_now();

	if (pid == seen[slot].pid && now - seen[slot].when < CPU_GOOD_FOR)
		return seen[slot].cpu;
	seen[slot].cpu = read_cpu(pid);
	seen[slot].pid = pid;
	seen[slot].when = now;
	return seen[slot].cpu;
}

/* Who sent it: also whether it may be an event, which raises alarms. */
static void take_sender(struct msghdr *msg, struct record *r)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct ucred cred;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&cred, CMSG_DATA(c), sizeof(cred));
		r->world = cred.pid;
		r->event = cred.uid == 0 && r->facility == LOG_FAC(EVENT_FACILITY);
		r->audit = cred.uid == 0 && route_is_audit(r);
	}
}

void dgram_read(int fd, struct sink *s)
{
	static char data[4096];
	static struct record r;

	for (int i = 0; i < BATCH; i++) {
		union {
			struct cmsghdr header;
			char space[CMSG_SPACE(sizeof(struct ucred))];
		} control;
		struct iovec iov = { .iov_base = data, .iov_len = sizeof(data) };
		struct msghdr msg = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof(control),
		};
		ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (n < 0)
			return;
		syslog_parse(data, (size_t)n, &r);
		r.uptime = uptime_now();
		r.world = 0;
		take_sender(&msg, &r);
		r.cpu = cpu_of(r.world);
		sink_put(s, &r);
	}
}
