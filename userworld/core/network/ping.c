// SPDX-License-Identifier: Apache-2.0
#include "ping.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"

#define PROGRAM "/usr/bin/ping"
#define TEXT_MAX 65536
#define ARGS_MAX 16

extern char **environ;

/* "64 bytes from 10.0.2.2: seq=0 ttl=255 time=0.620 ms" */
static void take_reply(const char *line, json_t *replies)
{
	char from[64];
	int seq, ttl;
	double time;
	size_t len;

	if (sscanf(line, "%*d bytes from %63s seq=%d ttl=%d time=%lf ms", from, &seq, &ttl,
		   &time) != 4)
		return;
	len = strlen(from);
	if (from[len - 1] == ':')
		from[len - 1] = '\0';
	json_array_append_new(replies, json_pack("{s:s, s:i, s:i, s:f}", "from", from, "seq", seq,
						 "ttl", ttl, "time", time));
}

json_t *ping_parse(const char *text)
{
	double times[3] = { 0 };
	json_t *replies = json_array();
	int sent = -1, got = 0;
	char host[64] = "";

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		sscanf(line, "PING %*s (%63[^)])", host);
		sscanf(line, "%d packets transmitted, %d packets received", &sent, &got);
		sscanf(line, "round-trip min/avg/max = %lf/%lf/%lf ms", &times[0], &times[1],
		       &times[2]);
		take_reply(line, replies);
	}
	if (sent < 0) {
		json_decref(replies);
		return NULL;
	}
	return json_pack("{s:s, s:i, s:i, s:i, s:f, s:f, s:f, s:o}", "host", host, "transmitted",
			 sent, "received", got, "lost", sent ? 100 * (sent - got) / sent : 0, "min",
			 times[0], "avg", times[1], "max", times[2], "replies", replies);
}

/* All that a program says on both streams. */
static int run(char *const *argv, char **text, struct err *e)
{
	posix_spawn_file_actions_t actions;
	int pipes[2], status, rc;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return err_sys(e, errno, "pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 2);
	rc = posix_spawn(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	if (rc) {
		close(pipes[0]);
		return err_sys(e, rc, "%s", argv[0]);
	}
	rc = file_read_fd(pipes[0], argv[0], TEXT_MAX, text, NULL, e);
	close(pipes[0]);
	waitpid(pid, &status, 0);
	return rc;
}

static void add(char **argv, int *n, const char *word)
{
	argv[(*n)++] = (char *)word;
	argv[*n] = NULL;
}

int ping_run(const struct ping *p, json_t **result, struct err *e)
{
	char count[12], patience[12], size[12], *argv[ARGS_MAX];
	_cleanup_free_ char *text = NULL;
	int n = 0;

	snprintf(count, sizeof(count), "%d", p->count);
	snprintf(patience, sizeof(patience), "%d", p->wait);
	snprintf(size, sizeof(size), "%d", p->size ? p->size : 56);
	add(argv, &n, PROGRAM);
	add(argv, &n, "-c");
	add(argv, &n, count);
	add(argv, &n, "-W");
	add(argv, &n, patience);
	add(argv, &n, "-s");
	add(argv, &n, size);
	if (p->family)
		add(argv, &n, p->family == 6 ? "-6" : "-4");
	if (p->device) {
		add(argv, &n, "-I");
		add(argv, &n, p->device);
	}
	add(argv, &n, "--");
	add(argv, &n, p->host);
	if (run(argv, &text, e) < 0)
		return -1;
	*result = ping_parse(text);
	if (*result)
		return 0;
	text[strcspn(text, "\n")] = '\0';
	return err_set(e, ERR_NOT_FOUND, "%s", *text ? text : "ping says nothing");
}
