/* SPDX-License-Identifier: Apache-2.0 */
/* The executor's answers: find out who asks, what they may, do it, say what came of it. */
#ifndef HOSTD_SERVE_H
#define HOSTD_SERVE_H

#include "auth.h"
#include "worker.h"

/* One ask on its way. It goes on even if its asker has gone. */
struct serving {
	struct executor *x;
	struct ask ask;	 /* its params are ours */
	struct asker to; /* without functions once it was answered with a task */
	struct auth auth;
	void (*next)(struct serving *s); /* once the user is known */
	json_t *task;			 /* row of the table of tasks, or NULL */
};

/* Of struct front: executor is a struct executor. */
void serve_ask(void *executor, const struct ask *ask, const struct asker *to);

/* The answer; these end the serving. result stays the caller's. */
void serve_give(struct serving *s, json_t *result);
void serve_fail(struct serving *s, int status, const struct err *e);

/* What is changed from now on, and in workers started now, is this user's doing. */
void serve_actor(const struct serving *s);

/* May the user call that operation? If not, the serving has ended. */
bool serve_may(struct serving *s, const char *op);

/* Runs the operation or takes the upload. */
void serve_call(struct serving *s);
void serve_upload(struct serving *s);

/* Of a worker: how far it is, and its end, which ends the task, if there is one, and the serving.
 */
void serve_progress(void *serving, unsigned int percent);
void serve_done(void *serving, json_t *result, const struct err *e);

/*
 * A worker for an operation whose bytes go through a pipe, and whose parameter "fd" is set here;
 * the asker gets the other end, to read if reads, else to write. done gets s.
 */
int serve_pipe(struct serving *s, const char *op, json_t *params, bool reads, worker_done *done,
	       struct err *e);

#endif
