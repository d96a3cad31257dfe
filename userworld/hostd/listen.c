// SPDX-License-Identifier: Apache-2.0
/* Listening sockets. */
#include "listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "cleanup.h"

static int bound_socket(int family, const struct sockaddr *address, socklen_t len)
{
	_cleanup_close_ int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, off = 0;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* Connections inherit it: an answer's end must not wait for the client's next word. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	return bind(fd, address, len) < 0 ? -1 : steal_fd(&fd);
}

static int any_address(int port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = bound_socket(AF_INET6, (struct sockaddr *)&six, sizeof(six));

	/* A kernel may be booted without IPv6. */
	if (fd < 0 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL))
		fd = bound_socket(AF_INET, (struct sockaddr *)&four, sizeof(four));
	return fd;
}

int listen_bind(int port, struct err *e)
{
	int fd = any_address(port);

	if (fd < 0 || listen(fd, BACKLOG) < 0) {
		err_sys(e, errno, "TCP port %d", port);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

struct evconnlistener *listen_on(struct event_base *base, int fd)
{
	return evconnlistener_new(base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
				  0, fd);
}

int listen_port(int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		return 0;
	/* The port is at the same place in both families. */
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}
