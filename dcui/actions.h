/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only place where what a key asked for is really done: each action is one
 * or more core operations, one after the other, and every one of them is
 * logged. The model learns the outcome.
 */
#ifndef DCUI_ACTIONS_H
#define DCUI_ACTIONS_H

#include "dcui/call.h"
#include "dcui/steps/steps.h"
#include "dcui/ui.h"

/* A sequence of steps in progress. */
struct task {
	enum step step;
	struct call *call; /* NULL: nothing in progress */
};

struct performer {
	struct model *m;
	call_fn core;	   /* core_call(), or answers from a file */
	bool in_process;   /* every call completes at once */
	struct task front; /* what the operator waits for (model.busy) */
	struct task back;  /* reading a log */
};

/* Begins an action if it is permitted now; ACTION_NONE and ACTION_QUIT do nothing here. */
void actions_start(struct performer *p, enum action action);

/* Goes on with what has completed. To be called when a task's call_fd() is readable or it is time.
 */
void actions_continue(struct performer *p);

/* Ends everything in progress. */
void actions_cancel(struct performer *p);

#endif
