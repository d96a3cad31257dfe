// SPDX-License-Identifier: Apache-2.0
/* Worker processes. */
#include "worker.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "userworld/core/core.h"

#define ANSWER_MAX (8u << 20) /* bytes of a result */

struct worker {
	struct bufferevent *pipe;
	pid_t pid;
	worker_progress *progress; /* or NULL */
	worker_done *done;
	void *context;
};

static struct event_base *base;
static void (*open_log)(const char *component);
static int at_work;

static int told_to; /* in a worker: where it says how far it is */

/* A line before the result. What cannot be said is not worth an end. */
static void say_progress(unsigned int percent)
{
	dprintf(told_to, "%u\n", percent);
}

/* The result travels as {"result": ...} or {"kind":, "num":, "text":}. */
static json_t *pack_answer(int rc, json_t *result, const struct err *e)
{
	if (rc == 0)
		return json_pack("{s:o}", "result", result);
	return json_pack("{s:s, s:i, s:s}", "kind", err_name(e->kind), "num", e->num, "text",
			 e->text);
}

/* Closes [from, to); an empty range is fine. */
static int close_between(int from, int to)
{
	return from < to ? close_range((unsigned int)from, (unsigned int)to - 1, 0) : 0;
}

/* Sockets of other clients and of the listeners must not live on in a worker. */
static int keep_only(int out, int keep)
{
	int low = keep < 0 || out < keep ? out : keep;
	int high = out > keep ? out : keep;

	if (close_between(3, low) < 0 || close_between(low + 1, high) < 0)
		return -1;
	return close_range((unsigned int)high + 1, ~0U, 0);
}

static void restore_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void __attribute__((noreturn))
run(worker_job *job, const char *op, json_t *params, int out, int keep)
{
	struct err e = ERR_INIT;
	json_t *result = NULL;
	json_t *answer;
	char *text;
	int rc;

	restore_signals();
	if (keep_only(out, keep) < 0)
		_exit(1);
	log_forget();
	open_log("hostd");
	told_to = out;
	core_on_progress(say_progress);
	rc = job(op, params, &result, &e);
	answer = pack_answer(rc, result, &e);
	text = answer ? json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	_exit(text && fd_write_all(out, text, strlen(text)) == 0 ? 0 : 1);
}

static void finish(struct worker *w, json_t *result, const struct err *e)
{
	at_work--;
	bufferevent_free(w->pipe);
	w->done(w->context, result, e);
	free(w);
}

static void fail(struct worker *w, const char *text)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_SYSTEM, "%s", text);
	finish(w, NULL, &e);
}

/* Its end of the pipe is closed, so it is gone or about to be. */
static void died(struct worker *w)
{
	struct err e = ERR_INIT;
	int status;

	if (waitpid(w->pid, &status, 0) != w->pid || !WIFSIGNALED(status) ||
	    WTERMSIG(status) != SIGTERM) {
		fail(w, "the worker process died; see vmkernel.log");
		return;
	}
	err_set(&e, ERR_CONFLICT, "cancelled");
	e.num = ECANCELED;
	finish(w, NULL, &e);
}

static void take_answer(struct worker *w)
{
	struct evbuffer *input = bufferevent_get_input(w->pipe);
	size_t len = evbuffer_get_length(input);
	json_t *answer =
		json_loadb((const char *)evbuffer_pullup(input, -1), len, JSON_DECODE_ANY, NULL);
	json_t *result = json_object_get(answer, "result");
	const char *text = json_string_value(json_object_get(answer, "text"));
	struct err e = ERR_INIT;

	if (result) {
		finish(w, result, NULL);
	} else if (text) {
		err_set(&e, err_kind_from_name(json_string_value(json_object_get(answer, "kind"))),
			"%s", text);
		e.num = (int)json_integer_value(json_object_get(answer, "num"));
		finish(w, NULL, &e);
	} else {
		died(w);
	}
	json_decref(answer);
}

static void take_progress(struct worker *w, struct evbuffer *input)
{
	char *line;

	while ((line = evbuffer_readln(input, NULL, EVBUFFER_EOL_LF))) {
		if (w->progress)
			w->progress(w->context, (unsigned int)strtoul(line, NULL, 10));
		free(line);
	}
}

static void on_read(struct bufferevent *pipe, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(pipe);

	take_progress(arg, input);
	if (evbuffer_get_length(input) > ANSWER_MAX)
		fail(arg, "the result is too long");
}

static void on_end(struct bufferevent *pipe, short what, void *arg)
{
	(void)what;
	take_progress(arg, bufferevent_get_input(pipe));
	take_answer(arg);
}

static void on_child(evutil_socket_t sig, short what, void *arg)
{
	int status;
	pid_t pid;

	(void)sig, (void)what, (void)arg;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (WIFSIGNALED(status))
			log_warnx("worker %d ended by signal %d", (int)pid, WTERMSIG(status));
}

int worker_init(struct event_base *loop, void (*log)(const char *), struct err *e)
{
	struct event *child = evsignal_new(loop, SIGCHLD, on_child, NULL);

	base = loop;
	open_log = log;
	if (!child || event_add(child, NULL) < 0)
		return err_set(e, ERR_SYSTEM, "watching for worker processes failed");
	return 0;
}

static struct worker *new_worker(int fd, worker_done *done, void *context)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->pipe = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!w->pipe) {
		free(w);
		return NULL;
	}
	w->done = done;
	w->context = context;
	bufferevent_setcb(w->pipe, on_read, NULL, on_end, w);
	bufferevent_enable(w->pipe, EV_READ);
	return w;
}

int worker_start_long(worker_job *job, const char *op, json_t *params, int keep,
		      worker_progress *progress, worker_done *done, void *context, struct err *e)
{
	struct worker *w;
	_cleanup_close_ int in = -1;
	_cleanup_close_ int out = -1;
	int ends[2];
	pid_t pid;

	if (at_work >= WORKERS_MAX)
		return err_set(e, ERR_UNAVAILABLE, "too many operations at the same time");
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, errno, "pipe");
	in = ends[0];
	out = ends[1];
	pid = fork();
	if (pid == 0)
		run(job, op, params, out, keep);
	if (pid < 0)
		return err_sys(e, errno, "starting a worker process");
	evutil_make_socket_nonblocking(in);
	w = new_worker(in, done, context);
	if (!w) {
		kill(pid, SIGKILL);
		return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	w->pid = pid;
	w->progress = progress;
	steal_fd(&in);
	at_work++;
	return pid;
}

int worker_start(worker_job *job, const char *op, json_t *params, int keep, worker_done *done,
		 void *context, struct err *e)
{
	return worker_start_long(job, op, params, keep, NULL, done, context, e) < 0 ? -1 : 0;
}

int worker_count(void)
{
	return at_work;
}
