/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of tasks: a file that hostd writes whole at each change, and that operations of any
 * process read, also when hostd is dead.
 */
#ifndef VISOR_CORE_SYSTEM_TASK_H
#define VISOR_CORE_SYSTEM_TASK_H

#include <jansson.h>
#include <stdbool.h>

#define TASK_DIR "/run/hostd"
#define TASK_FILE TASK_DIR "/tasks.json"
#define TASK_FILE_MAX (8u << 20) /* bytes */

/* A row without what is hostd's own; with its result only if whole. A new reference. */
json_t *task_shown(json_t *row, bool whole);

/* When a process was started, in clock ticks after boot; 0 if there is none of that id. */
json_int_t task_pid_started(int pid);

#endif
