// SPDX-License-Identifier: Apache-2.0
/* Fork, run, answer through a pipe. */
#include "dcui/call.h"

#include "cleanup.h"
#include "file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define ANSWER_MAX (4u << 20) /* bytes; no operation comes near it */

struct call {
	char op[64];
	pid_t pid; /* 0: ran in this process */
	int fd;
	uint64_t deadline;
	unsigned int seconds;
	char *buf;
	size_t len;
	int percent; /* -1: not told */
	bool complete, late;
	json_t *answer; /* {"result": ...} or {"error": {...}} */
};

/* Who waits: for a child at the other end of a pipe, else this call. */
static int tell_fd = -1;
static struct call *tell_call;

void call_tell(unsigned int percent)
{
	if (tell_fd >= 0)
		dprintf(tell_fd, "%u\n", percent);
	else if (tell_call)
		tell_call->percent = (int)percent;
}

int call_percent(const struct call *c)
{
	return c->percent;
}

static json_t *run(call_fn fn, const char *op, json_t *params)
{
	struct err e = ERR_INIT;
	json_t *result = NULL;

	if (fn(op, params, &result, &e) < 0)
		return json_pack("{s:{s:s, s:s}}", "error", "kind", err_name(e.kind), "text",
				 e.text);
	return json_pack("{s:o}", "result", result ? result : json_null());
}

static void child(call_fn fn, const char *op, json_t *params, int fd)
{
	_cleanup_free_ char *text = NULL;
	sigset_t none;
	json_t *answer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	tell_fd = fd;
	answer = run(fn, op, params);
	text = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
	_exit(text && fd_write_all(fd, text, strlen(text)) == 0 ? 0 : 1);
}

static int spawn(struct call *c, call_fn fn, json_t *params)
{
	int pipefd[2];

	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return -1;
	c->pid = fork();
	if (c->pid == 0)
		child(fn, c->op, params, pipefd[1]);
	close(pipefd[1]);
	if (c->pid < 0) {
		c->pid = 0;
		close(pipefd[0]);
		return -1;
	}
	fcntl(pipefd[0], F_SETFL, O_NONBLOCK);
	c->fd = pipefd[0];
	return 0;
}

/* Passwords go through here: leave no copy behind. */
static void wipe(json_t *params)
{
	const char *key;
	json_t *value;

	json_object_foreach (params, key, value)
		if (json_is_string(value))
			explicit_bzero((void *)(uintptr_t)json_string_value(value),
				       json_string_length(value));
	json_decref(params);
}

struct call *call_start(call_fn fn, const char *op, json_t *params, unsigned int seconds,
			uint64_t now, bool in_process)
{
	struct call *c = calloc(1, sizeof(*c));

	if (c) {
		snprintf(c->op, sizeof(c->op), "%s", op);
		c->fd = -1;
		c->percent = -1;
		c->seconds = seconds;
		c->deadline = now + seconds;
		if (in_process || spawn(c, fn, params) < 0) {
			tell_call = c;
			c->answer = run(fn, op, params);
			tell_call = NULL;
			c->complete = true;
		}
	}
	wipe(params);
	return c;
}

int call_fd(const struct call *c)
{
	return c->complete ? -1 : c->fd;
}

/* True at the end of what the child has to say. */
static bool read_more(struct call *c)
{
	char chunk[4096];
	ssize_t got;

	while ((got = read(c->fd, chunk, sizeof(chunk))) > 0) {
		char *grown = c->len + (size_t)got > ANSWER_MAX
				      ? NULL
				      : realloc(c->buf, c->len + (size_t)got);

		if (!grown)
			return true;
		c->buf = grown;
		memcpy(c->buf + c->len, chunk, (size_t)got);
		c->len += (size_t)got;
	}
	return got == 0 || (errno != EAGAIN && errno != EINTR);
}

/* The lines before the answer, which has no end of a line in it. True if there were any. */
static bool take_percents(struct call *c)
{
	bool any = false;
	char *end;

	while (c->len && (end = memchr(c->buf, '\n', c->len))) {
		c->percent = atoi(c->buf);
		c->len -= (size_t)(end + 1 - c->buf);
		memmove(c->buf, end + 1, c->len);
		any = true;
	}
	return any;
}

bool call_ready(struct call *c, uint64_t now)
{
	bool end;

	if (c->complete)
		return true;
	end = read_more(c);
	if (take_percents(c))
		c->deadline = now + c->seconds;
	if (end) {
		c->answer = c->len ? json_loadb(c->buf, c->len, 0, NULL) : NULL;
		c->complete = true;
	} else if (now >= c->deadline) {
		c->late = c->complete = true;
	}
	return c->complete;
}

static int outcome(struct call *c, json_t **result, struct err *e)
{
	json_t *error = json_object_get(c->answer, "error");
	const char *text = json_string_value(json_object_get(error, "text"));
	const char *kind = json_string_value(json_object_get(error, "kind"));

	if (c->late)
		return err_set(e, ERR_UNAVAILABLE, "%s: no answer within %u s", c->op, c->seconds);
	if (error)
		return err_set(e, err_kind_from_name(kind ? kind : ""), "%s",
			       text ? text : "failed");
	if (!c->answer)
		return err_set(e, ERR_SYSTEM, "%s: ended without an answer", c->op);
	if (result)
		*result = json_incref(json_object_get(c->answer, "result"));
	return 0;
}

int call_finish(struct call *c, json_t **result, struct err *e)
{
	int rc = outcome(c, result, e);

	call_cancel(c);
	return rc;
}

void call_cancel(struct call *c)
{
	if (!c)
		return;
	if (c->pid) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	if (c->fd >= 0)
		close(c->fd);
	json_decref(c->answer);
	free(c->buf);
	free(c);
}
