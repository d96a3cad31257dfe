// SPDX-License-Identifier: Apache-2.0
/* A descriptor on its way over a socket: nobody has the file, and it is open. */
#include "reach.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

static void send_fd(int socket, int fd)
{
	union control control = { 0 };
	char byte = 0;
	struct iovec part = { &byte, 1 };
	struct msghdr m = { .msg_iov = &part,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	must(sendmsg(socket, &m, 0) == 1, "sendmsg");
}

static int receive_fd(int socket)
{
	union control control = { 0 };
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr m = { .msg_iov = &part,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	int fd;

	must(recvmsg(socket, &m, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&m), "recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

/* Prints what the file has once it has arrived. */
int topic_pass(char **words)
{
	int ends[2], fd = open(words[0], O_RDONLY | O_CLOEXEC);
	char buf[65536];
	ssize_t n;

	must(fd >= 0, "open %s", words[0]);
	must(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
	send_fd(ends[0], fd);
	close(fd);
	run_command(words[1]);
	fd = receive_fd(ends[1]);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		must(fwrite(buf, 1, (size_t)n, stdout) == (size_t)n, "stdout");
	must(n == 0, "read %s", words[0]);
	return 0;
}
