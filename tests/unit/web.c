// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/web.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define REQUEST_MAX 4096

struct part {
	bool asked;
	size_t from, to;
};

static void read_request(int fd, char *request)
{
	size_t used = 0;
	ssize_t n;

	request[0] = '\0';
	while (!strstr(request, "\r\n\r\n") && used < REQUEST_MAX - 1 &&
	       (n = read(fd, request + used, REQUEST_MAX - 1 - used)) > 0) {
		used += (size_t)n;
		request[used] = '\0';
	}
}

/* Of "Range: bytes=FROM-LAST", "FROM-" or "-COUNT", if it is to be honoured. */
static struct part part_of(const struct web *web, const char *tag, char *request)
{
	struct part all = { false, 0, web->size }, part = { true, 0, web->size };
	char *range = strstr(request, "Range: bytes="), *unless = strstr(request, "If-Range: ");
	size_t count;

	if (!range || !web->ranges || (unless && !web->careless && (!tag || !strstr(unless, tag))))
		return all;
	range += strlen("Range: bytes=");
	if (*range == '-') {
		count = strtoul(range + 1, NULL, 10);
		part.from = count < web->size ? web->size - count : 0;
		return part;
	}
	part.from = strtoul(range, &range, 10);
	if (range[1] >= '0' && range[1] <= '9')
		part.to = strtoul(range + 1, NULL, 10) + 1;
	if (part.to > web->size)
		part.to = web->size;
	return part.from < part.to ? part : all;
}

static void answer(int fd, const struct web *web, struct web_seen *seen, unsigned int number)
{
	const char *tag = web->other && number >= web->changes ? web->other : web->tag;
	char request[REQUEST_MAX], head[512];
	struct part part;
	size_t len, size;

	read_request(fd, request);
	part = part_of(web, tag, request);
	size = part.to - part.from;
	len = (size_t)sprintf(head, "HTTP/1.1 %s\r\n", part.asked ? "206 Part" : "200 OK");
	if (!web->silent)
		len += (size_t)sprintf(head + len, "Content-Length: %zu\r\n", size);
	if (tag)
		len += (size_t)sprintf(head + len, "ETag: %s\r\n", tag);
	if (part.asked)
		len += (size_t)sprintf(head + len, "Content-Range: bytes %zu-%zu/%zu\r\n",
				       part.from, part.to - 1, web->size);
	len += (size_t)sprintf(head + len, "\r\n");
	if (web->piece && web->piece < size)
		size = web->piece;
	atomic_fetch_add(&seen->connections, 1);
	/* The client may have what it wants before the end. */
	if (write(fd, head, len) == (ssize_t)len)
		for (const char *at = (const char *)web->data + part.from; size;) {
			ssize_t n = write(fd, at, size < 4096 ? size : 4096);

			if (n <= 0)
				break;
			atomic_fetch_add(&seen->bytes, (unsigned long)n);
			at += n;
			size -= (size_t)n;
		}
	/* Lets the data arrive before the end of the connection. */
	shutdown(fd, SHUT_WR);
	while (read(fd, request, sizeof(request)) > 0)
		;
	close(fd);
}

/* Each connection has a process: clients open several, and do not wait for one another. */
static void serve(int fd, const struct web *web, struct web_seen *seen)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (unsigned int i = 0;; i++) {
		int client = accept(fd, NULL, NULL);

		if (fork() == 0) {
			answer(client, web, seen, i);
			_exit(0);
		}
		close(client);
	}
}

pid_t web_start(const struct web *web, int *port, struct web_seen **seen)
{
	struct sockaddr_in where = { .sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(where);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	*seen = mmap(NULL, sizeof(**seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	assert_ptr_not_equal(*seen, MAP_FAILED);
	assert_int_equal(bind(fd, (struct sockaddr *)&where, sizeof(where)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&where, &len), 0);
	*port = ntohs(where.sin_port);
	pid = fork();
	if (pid == 0)
		serve(fd, web, *seen);
	close(fd);
	return pid;
}

void web_stop(pid_t pid, struct web_seen *seen)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	munmap(seen, sizeof(*seen));
}
