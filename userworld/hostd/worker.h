/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Worker processes: a fork of hostd that runs one operation and sends its
 * result back through a pipe. It closes everything it inherits but the pipe.
 */
#ifndef HOSTD_WORKER_H
#define HOSTD_WORKER_H

#include <event2/event.h>
#include <jansson.h>

#include "err.h"

#define WORKERS_MAX 8 /* at the same time; more are refused */

/* What the worker runs; core_call() has this form. */
typedef int worker_job(const char *op, json_t *params, json_t **result, struct err *e);

/* How far it is, if its job says so: core_on_progress(). */
typedef void worker_progress(void *context, unsigned int percent);

/* Called once with a result (not NULL, the worker's) or an error (result NULL). */
typedef void worker_done(void *context, json_t *result, const struct err *e);

/* Once, in the parent. log opens the log again in a worker: log_open() or log_open_stderr(). */
int worker_init(struct event_base *base, void (*log)(const char *component), struct err *e);

/*
 * Starts a worker. keep is a descriptor that it needs in addition, or -1; in the
 * worker it has the same number. ERR_UNAVAILABLE when WORKERS_MAX are at work.
 * A worker that SIGTERM has ended gives an error whose number is ECANCELED.
 */
int worker_start(worker_job *job, const char *op, json_t *params, int keep, worker_done *done,
		 void *context, struct err *e);

/* The same of a job that says how far it is. Returns the worker's process id. */
int worker_start_long(worker_job *job, const char *op, json_t *params, int keep,
		      worker_progress *progress, worker_done *done, void *context, struct err *e);

/* How many are at work. */
int worker_count(void);

#endif
