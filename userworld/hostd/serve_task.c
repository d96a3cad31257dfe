// SPDX-License-Identifier: Apache-2.0
/* Tasks of the executor. */
#include "serve_task.h"

#include <errno.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "root.h"
#include "tag.h"
#include "userworld/core/system/task.h"
#include "worker.h"

/* Somebody who has asked for the same with the same key. */
struct waiter {
	LIST_ENTRY(waiter) link;
	struct serving *s;
	json_t *row;
};

static LIST_HEAD(, waiter) waiters = LIST_HEAD_INITIALIZER(waiters);
static void (*tell_news)(struct executor *x);

static void save(struct executor *x)
{
	_cleanup_free_ char *text = tasks_text(&x->tasks);
	char path[ROOT_PATH_MAX];
	struct err e = ERR_INIT;

	root_path(path, TASK_FILE);
	if (text && file_write_atomic(path, text, strlen(text), 0600, &e) < 0)
		log_err(&e);
	if (tell_news)
		tell_news(x);
}

void serve_task_init(struct executor *x, void (*news)(struct executor *x))
{
	_cleanup_free_ char *text = NULL;
	char path[ROOT_PATH_MAX];
	struct err e = ERR_INIT;

	root_path(path, TASK_FILE);
	tell_news = news;
	if (access(path, F_OK) == 0 && file_read(path, TASK_FILE_MAX, &text, NULL, &e) < 0)
		log_err(&e);
	if (tasks_load(&x->tasks, text, time(NULL), &e) < 0)
		log_warnx("%s: %s", path, e.text);
	root_path(path, TASK_DIR);
	if (file_make_dirs(path, &e) < 0)
		log_err(&e);
	save(x);
}

bool serve_task_wanted(const struct serving *s)
{
	if (!strcmp(s->ask.op->method, "GET"))
		return false;
	return s->ask.key[0] || (s->ask.op->flags & CORE_TASK) ||
	       (s->ask.async && (s->ask.op->flags & CORE_SLOW));
}

static int digest_of(const struct serving *s, char digest[static TAG_LENGTH + 1])
{
	json_t *both = json_pack("[s, O]", s->ask.op->name, s->ask.params);
	int rc = both ? tag_of(both, digest) : -1;

	json_decref(both);
	return rc;
}

static void answer_from(struct serving *s, const json_t *row)
{
	struct err e = ERR_INIT;
	json_t *result = task_result(row, &e);

	if (result)
		serve_give(s, result);
	else
		serve_fail(s, 0, &e);
}

static void give_row(struct serving *s, json_t *row)
{
	json_t *shown = task_shown(row, true);
	const struct outcome outcome = { .result = shown, .task = true };

	s->to.end(s->to.context, &outcome);
	json_decref(shown);
	memset(&s->to, 0, sizeof(s->to));
}

/* The key came before: the same answer, or a word about what differs. */
static void repeat(struct serving *s, json_t *row, const char *digest)
{
	struct err e = ERR_INIT;
	struct waiter *w;

	if (strcmp(digest, json_string_value(json_object_get(row, "digest")) ?: "") != 0) {
		err_set(&e, ERR_INVALID,
			"the Idempotency-Key was used for another request; take a new one");
		serve_fail(s, 0, &e);
		return;
	}
	if (!task_runs(row)) {
		answer_from(s, row);
		return;
	}
	w = calloc(1, sizeof(*w));
	if (!w)
		log_fatalx("out of memory"); /* the supervisor starts us again */
	w->s = s;
	w->row = row;
	LIST_INSERT_HEAD(&waiters, w, link);
}

static void new_id(char id[static TASK_ID + 1])
{
	unsigned char bytes[TASK_ID / 2];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		log_fatalx("no random numbers");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
}

/* name="x" path="/y", without secrets. */
static void describe(const struct serving *s, char *what, size_t size)
{
	json_t *params = core_shown(s->ask.op, s->ask.params), *value;
	const char *name;
	size_t len = 0;

	what[0] = '\0';
	if (s->ask.type == ASK_UPLOAD)
		len = (size_t)snprintf(what, size, "upload of %" JSON_INTEGER_FORMAT " bytes",
				       s->ask.size);
	json_object_foreach (params, name, value) {
		_cleanup_free_ char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

		if (len < size)
			len += (size_t)snprintf(what + len, size - len, "%s%s=%s", len ? " " : "",
						name, text ? text : "?");
	}
	json_decref(params);
}

static json_t *add_row(struct serving *s, const char *digest)
{
	char id[TASK_ID + 1], what[512];
	struct task_start start = {
		.id = id,
		.op = s->ask.op->name,
		.user = s->auth.user,
		.from = s->ask.from,
		.key = s->ask.key,
		.digest = digest,
		.cancellable = s->ask.op->flags & CORE_CANCEL,
		.now = time(NULL),
	};

	new_id(id);
	describe(s, what, sizeof(what));
	start.what = what;
	return tasks_add(&s->x->tasks, &start);
}

bool serve_task_begin(struct serving *s)
{
	char digest[TAG_LENGTH + 1] = "";
	struct err e = ERR_INIT;
	json_t *row = NULL;

	if (s->ask.key[0]) {
		if (digest_of(s, digest) == 0)
			row = tasks_of_key(&s->x->tasks, s->auth.user, s->ask.key);
		if (row) {
			repeat(s, row, digest);
			return false;
		}
	}
	s->task = add_row(s, digest);
	if (!s->task) {
		err_set(&e, ERR_UNAVAILABLE, "%d tasks are running; try again later", TASKS_MAX);
		serve_fail(s, 0, &e);
		return false;
	}
	save(s->x);
	if (s->ask.async)
		give_row(s, s->task);
	return true;
}

const char *serve_task_id(const struct serving *s)
{
	return json_string_value(json_object_get(s->task, "id")) ?: "";
}

void serve_task_worker(struct serving *s, int pid)
{
	tasks_worker(s->task, pid, task_pid_started(pid));
	save(s->x);
}

void serve_task_progress(struct serving *s, unsigned int percent)
{
	if (tasks_progress(&s->x->tasks, s->task, percent))
		save(s->x);
}

void serve_task_ended(struct serving *s, json_t *result, const struct err *e)
{
	struct waiter *w, *next;

	tasks_end(&s->x->tasks, s->task, result, e, time(NULL));
	if (e && e->num == ECANCELED)
		s->x->cancelled = true;
	save(s->x);
	for (w = LIST_FIRST(&waiters); w; w = next) {
		next = LIST_NEXT(w, link);
		if (w->row != s->task)
			continue;
		LIST_REMOVE(w, link);
		answer_from(w->s, w->row);
		free(w);
	}
}
