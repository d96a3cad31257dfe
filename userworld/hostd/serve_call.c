// SPDX-License-Identifier: Apache-2.0
/* An operation: is it allowed, is it still wanted, has it been done; then run it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "serve.h"
#include "serve_task.h"
#include "tag.h"
#include "worker.h"

void serve_done(void *context, json_t *result, const struct err *e)
{
	struct serving *s = context;

	if (s->task)
		serve_task_ended(s, result, e);
	if (result && s->ask.op->flags & CORE_OWN)
		auth_keep(s->x, &s->auth);
	if (result)
		serve_give(s, result);
	else
		serve_fail(s, 0, e);
}

void serve_progress(void *context, unsigned int percent)
{
	struct serving *s = context;

	if (s->task)
		serve_task_progress(s, percent);
}

static void run_in_worker(struct serving *s)
{
	struct err e = ERR_INIT;
	int pid = worker_start_long(core_call, s->ask.op->name, s->ask.params, -1, serve_progress,
				    serve_done, s, &e);

	if (pid < 0)
		serve_done(s, NULL, &e);
	else if (s->task)
		serve_task_worker(s, pid);
}

static void run_here(struct serving *s)
{
	struct err e = ERR_INIT;
	json_t *result = NULL;

	if (core_call(s->ask.op->name, s->ask.params, &result, &e) < 0)
		serve_done(s, NULL, &e);
	else
		serve_done(s, result, NULL);
	json_decref(result);
}

static void after_stream(void *context, json_t *result, const struct err *e)
{
	if (e)
		log_err(e);
	serve_done(context, result, e);
}

static void stream(struct serving *s)
{
	struct err e = ERR_INIT;
	json_t *params = json_copy(s->ask.params);

	log_info("user %s: %s", s->auth.user, s->ask.op->name);
	if (serve_pipe(s, s->ask.op->name, params, true, after_stream, &e) < 0)
		serve_fail(s, 0, &e);
	json_decref(params);
}

static void run(struct serving *s)
{
	serve_actor(s);
	if (s->ask.op->flags & CORE_STREAM) {
		stream(s);
		return;
	}
	if (serve_task_wanted(s) && !serve_task_begin(s))
		return;
	if (s->ask.op->flags & CORE_SLOW)
		run_in_worker(s);
	else
		run_here(s);
}

static void compare(struct serving *s, json_t *now)
{
	struct err e = ERR_INIT;
	char tag[TAG_LENGTH + 1];

	if (tag_of(now, tag) == 0 && !strcmp(tag, s->ask.match)) {
		run(s);
		return;
	}
	err_set(&e, ERR_CONFLICT,
		"it has changed since it was read: read it again, and decide anew");
	serve_fail(s, 412, &e);
}

static void after_look(void *context, json_t *result, const struct err *e)
{
	if (result)
		compare(context, result);
	else
		serve_fail(context, 0, e);
}

/* What a client has read before it changes something: the GET of the same path. */
static const struct core_op *reader_of(const struct core_op *op)
{
	const struct core_op *at;

	for (size_t i = 0; (at = core_op_at(i)); i++)
		if (at->method && !strcmp(at->method, "GET") && !strcmp(at->path, op->path) &&
		    !(at->flags & CORE_STREAM))
			return at;
	return NULL;
}

/* The reader's parameters: those that the path names. */
static json_t *path_params(const struct core_op *op, json_t *params)
{
	json_t *own = json_object();

	for (const char *at = op->path; (at = strchr(at, '{')); at++) {
		char name[64];
		size_t len = strcspn(at + 1, "}");

		snprintf(name, sizeof(name), "%.*s", (int)len, at + 1);
		json_object_set(own, name, json_object_get(params, name));
	}
	return own;
}

static void look_first(struct serving *s)
{
	const struct core_op *reader = reader_of(s->ask.op);
	struct err e = ERR_INIT;
	json_t *params, *now = NULL;

	if (!reader) {
		err_set(&e, ERR_USAGE, "%s has no state that If-Match could be compared with",
			s->ask.op->path);
		serve_fail(s, 0, &e);
		return;
	}
	params = path_params(reader, s->ask.params);
	if (reader->flags & CORE_SLOW) {
		if (worker_start(core_call, reader->name, params, -1, after_look, s, &e) < 0)
			serve_fail(s, 0, &e);
	} else if (core_call(reader->name, params, &now, &e) < 0) {
		serve_fail(s, 0, &e);
	} else {
		compare(s, now);
	}
	json_decref(params);
	json_decref(now);
}

void serve_call(struct serving *s)
{
	struct err e = ERR_INIT;

	serve_actor(s);
	if (!serve_may(s, s->ask.op->name))
		return;
	if (core_check(s->ask.op, s->ask.params, &e) < 0)
		serve_fail(s, 0, &e);
	else if (s->ask.match[0])
		look_first(s);
	else
		run(s);
}
