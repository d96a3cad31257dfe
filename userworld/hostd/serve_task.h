/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks of the executor: the rim of tasks.h (ids, clock, file), and who waits for one. */
#ifndef HOSTD_SERVE_TASK_H
#define HOSTD_SERVE_TASK_H

#include "serve.h"

/* At start: what an earlier hostd has left. news is told of each change. */
void serve_task_init(struct executor *x, void (*news)(struct executor *x));

/* An operation that takes long, an asker that does not wait, or a key that may come again. */
bool serve_task_wanted(const struct serving *s);

/*
 * Makes s a task. False if it is not to run: its key came before (the answer of that time is given,
 * now or when it is there), or there is no room; s is ended then or later.
 */
bool serve_task_begin(struct serving *s);

/* "" if it is none. */
const char *serve_task_id(const struct serving *s);

void serve_task_worker(struct serving *s, int pid);
void serve_task_progress(struct serving *s, unsigned int percent);
void serve_task_ended(struct serving *s, json_t *result, const struct err *e);

#endif
