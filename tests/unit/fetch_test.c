// SPDX-License-Identifier: Apache-2.0
/* Reading from a server that breaks connections off. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/core/fetch.h"

#define SIZE 300000

/* How the server behaves; PIECE bytes are sent per connection. */
struct behaviour {
	size_t piece;
	const char *tag;      /* ETag, NULL for none */
	const char *next_tag; /* from the second connection on: the file has changed */
	bool ranges;	      /* honours Range */
};

static char byte_at(size_t i)
{
	return (char)(i * 7 + i / 1000);
}

static void answer(int fd, const struct behaviour *b, int number)
{
	const char *tag = number && b->next_tag ? b->next_tag : b->tag;
	char request[4096] = "", head[512], *range, *body;
	size_t used = 0, from = 0, len;
	ssize_t n;

	while (!strstr(request, "\r\n\r\n") && used < sizeof(request) - 1 &&
	       (n = read(fd, request + used, sizeof(request) - 1 - used)) > 0)
		used += (size_t)n;
	range = strstr(request, "Range: bytes=");
	if (range && b->ranges && tag && strstr(request, tag))
		from = strtoul(range + 13, NULL, 10);
	len = (size_t)sprintf(head, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n",
			      from ? "206 Part" : "200 OK", SIZE - from);
	if (tag)
		len += (size_t)sprintf(head + len, "ETag: %s\r\n", tag);
	if (from)
		len += (size_t)sprintf(head + len, "Content-Range: bytes %zu-%d/%d\r\n", from,
				       SIZE - 1, SIZE);
	len += (size_t)sprintf(head + len, "\r\n");
	body = malloc(b->piece);
	for (size_t i = 0; i < b->piece; i++)
		body[i] = byte_at(from + i);
	if (write(fd, head, len) < 0 ||
	    write(fd, body, b->piece < SIZE - from ? b->piece : SIZE - from) < 0)
		_exit(1);
	free(body);
	/* Lets the data arrive before the end of the connection. */
	shutdown(fd, SHUT_WR);
	while (read(fd, request, sizeof(request)) > 0)
		;
	close(fd);
}

static pid_t serve(const struct behaviour *b, int *port)
{
	struct sockaddr_in where = { .sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(where);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	assert_int_equal(bind(fd, (struct sockaddr *)&where, sizeof(where)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&where, &len), 0);
	*port = ntohs(where.sin_port);
	pid = fork();
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pid == 0)
		for (int i = 0;; i++)
			answer(accept(fd, NULL, NULL), b, i);
	close(fd);
	return pid;
}

/* How many good bytes came, or minus that if reading ended in an error. */
static long read_from(const struct behaviour *b)
{
	struct err e = ERR_INIT;
	struct fetch *f;
	char url[64], buf[5000];
	long got = 0;
	ssize_t n;
	int port;
	pid_t pid = serve(b, &port);

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/file", port);
	if (fetch_open(&f, url, &e))
		fail_msg("%s", e.text);
	while ((n = fetch_read(f, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			assert_int_equal(buf[i], byte_at((size_t)(got + i)));
		got += n;
	}
	fetch_close(f);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return n < 0 ? -got : got;
}

static void whole(void **state)
{
	const struct behaviour b = { SIZE, NULL, NULL, false };

	(void)state;
	assert_int_equal(read_from(&b), SIZE);
}

static void resumed(void **state)
{
	const struct behaviour b = { 70000, "\"one\"", NULL, true };

	(void)state;
	assert_int_equal(read_from(&b), SIZE);
}

/* The rest is not taken from where it could be another file's. */
static void not_resumed(void **state)
{
	const struct behaviour untagged = { 70000, NULL, NULL, true };
	const struct behaviour weak = { 70000, "W/\"one\"", NULL, true };
	const struct behaviour changed = { 70000, "\"one\"", "\"two\"", true };
	const struct behaviour no_ranges = { 70000, "\"one\"", NULL, false };

	(void)state;
	assert_int_equal(read_from(&untagged), -70000);
	assert_int_equal(read_from(&weak), -70000);
	assert_int_equal(read_from(&changed), -70000);
	assert_int_equal(read_from(&no_ranges), -70000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(resumed),
		cmocka_unit_test(not_resumed),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
