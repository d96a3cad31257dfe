/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a userworld as a table: state x event -> next state, action.
 * Pure; who carries out the actions is engine.c. The table is printed as
 * docs/userworlds.md shows it, and the unit test walks every cell.
 */
#ifndef SUPERVISOR_MACHINE_H
#define SUPERVISOR_MACHINE_H

#include <stdbool.h>

enum world_state {
	WS_DOWN,	  /* nobody wants it */
	WS_WAITING,	  /* wanted; worlds named by "after" are not ready yet */
	WS_STARTING,	  /* has a process, is not ready */
	WS_RUNNING,	  /* ready */
	WS_STOPPING,	  /* was asked to end; then down */
	WS_RESTARTING,	  /* was asked to end; then starts again */
	WS_ENDING_AGAIN,  /* main process ended; pool being emptied; then back-off */
	WS_ENDING_DONE,	  /* the same; then done */
	WS_ENDING_FAILED, /* the same; then failed */
	WS_BACKOFF,	  /* starts again when its delay is over */
	WS_DONE,	  /* did what it was for */
	WS_FAILED,	  /* ended badly, is not to be started again */
	WS_COUNT
};

enum world_event {
	WE_START,	/* boot, reload or operator */
	WE_STOP,	/* operator or shutdown */
	WE_RESTART,	/* operator */
	WE_DEPS,	/* all it waits for are ready */
	WE_READY,	/* it is ready itself */
	WE_EXIT_AGAIN,	/* main process ended, policy says: start again */
	WE_EXIT_DONE,	/* main process ended, and that is how it should be */
	WE_EXIT_FAILED, /* main process ended badly, policy says: leave it */
	WE_EMPTY,	/* no process is left in its pool */
	WE_TIMEOUT,	/* the deadline of the state has passed */
	WE_COUNT
};

enum world_action {
	WA_NONE,
	WA_CHECK, /* look whether it may start now */
	WA_SPAWN, /* start the process */
	WA_TERM,  /* ask the process to end */
	WA_SWEEP, /* kill what is left in the pool */
	WA_KILL,  /* deadline missed: kill the pool, and say so */
	WA_DELAY, /* compute the back-off */
	WA_COUNT
};

struct step {
	enum world_state next;
	enum world_action action;
	bool refused; /* the event means nothing in this state; nothing changes */
};

struct step machine_step(enum world_state state, enum world_event event);

/* True while the world may have processes. */
bool state_has_pool(enum world_state state);

/* True if a world that waits for one in this state need not wait any longer. */
bool state_lets_others_start(enum world_state state);

/* What an operator sees; the three ending states look the same. */
const char *state_name(enum world_state state);

/* Unique names for the printed table. */
const char *state_label(enum world_state state);
const char *event_label(enum world_event event);
const char *action_label(enum world_action action);

#endif
