/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks: what was asked for and takes long, or came with an idempotency key. A table of at most
 * TASKS_MAX, pure functions on JSON; the caller gives times and ids and writes the file, so that a
 * hostd after this one, and programs without hostd, know it (core/system/task.h, docs/rest-api.md).
 *
 * Rows are the table's; one lives until tasks_add() needs its place, which a running one never
 * gives.
 */
#ifndef HOSTD_TASKS_H
#define HOSTD_TASKS_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

#include "err.h"

#define TASKS_MAX 64
#define TASK_RESULT_MAX (64u << 10) /* bytes of a result that is kept */
#define TASK_ID 16		    /* characters */

struct tasks {
	json_t *rows;	     /* an array, oldest first */
	json_int_t revision; /* grows with each change */
};

struct task_start {
	const char *id;	  /* TASK_ID characters, not used before */
	const char *op;	  /* name of the operation */
	const char *what; /* its parameters, without secrets */
	const char *user;
	const char *from;
	const char *key;    /* of idempotency, or "" */
	const char *digest; /* of the parameters, if there is a key */
	bool cancellable;
	time_t now;
};

/* text is that of the file, or NULL: what ran when it was written is "interrupted" now. */
int tasks_load(struct tasks *t, const char *text, time_t now, struct err *e);

/* The whole table as text for the file; malloced, NULL for lack of memory. */
char *tasks_text(const struct tasks *t);

/* A new row, "running"; NULL if all that there is room for are running. */
json_t *tasks_add(struct tasks *t, const struct task_start *start);

/* Its worker: pid and when that was started (clock ticks after boot), to know it again. */
void tasks_worker(json_t *row, json_int_t pid, json_int_t started);

/* True if it grew. */
bool tasks_progress(struct tasks *t, json_t *row, unsigned int percent);

/* With a result, or an error; ECANCELED as its number: "cancelled". */
void tasks_end(struct tasks *t, json_t *row, json_t *result, const struct err *e, time_t now);

bool task_runs(const json_t *row);

/* Of that user with that key, or NULL. */
json_t *tasks_of_key(const struct tasks *t, const char *user, const char *key);

/* The result of a row that has ended; NULL with its error. */
json_t *task_result(const json_t *row, struct err *e);

#endif
