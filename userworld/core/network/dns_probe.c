// SPDX-License-Identifier: Apache-2.0
#include "dns_probe.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"

#define QUERY_MAX 512
#define ANSWER_MAX 4096

static int open_socket(const char *server, struct err *e)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				  .ai_socktype = SOCK_DGRAM };
	struct addrinfo *a = NULL;
	int fd;

	if (getaddrinfo(server, "53", &hints, &a))
		return err_set(e, ERR_INVALID, "%s: is no address", server);
	fd = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		err_sys(e, errno, "%s", server);
	freeaddrinfo(a);
	return fd;
}

int dns_probe(const char *server, const char *name, unsigned int seconds, struct err *e)
{
	_cleanup_close_ int fd = open_socket(server, e);
	unsigned char query[QUERY_MAX], answer[ANSWER_MAX];
	int len = res_mkquery(QUERY, name, C_IN, T_A, NULL, 0, NULL, query, sizeof(query));
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (fd < 0)
		return -1;
	if (len < 0)
		return err_set(e, ERR_INVALID, "'%.64s' is no name", name);
	/* Datagrams are lost: once more after half of the time. */
	for (int i = 0; i < 2; i++) {
		if (send(fd, query, (size_t)len, 0) < 0)
			return err_sys(e, errno, "%s", server);
		if (poll(&p, 1, (int)seconds * 500) <= 0)
			continue;
		if (recv(fd, answer, sizeof(answer), 0) < 0)
			return err_sys(e, errno, "%s", server);
		if (answer[0] == query[0] && answer[1] == query[1])
			return 0;
	}
	return err_set(e, ERR_UNAVAILABLE, "%s: no answer in %u s", server, seconds);
}
