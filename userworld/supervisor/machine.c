// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

struct cell {
	bool valid;
	enum world_state next;
	enum world_action action;
};

/* clang-format off */
#define GO(state, act) { true, WS_##state, WA_##act }

/* Cells not listed are refused: the event means nothing in that state. */
static const struct cell table[WS_COUNT][WE_COUNT] = {
	[WS_DOWN] = {
		[WE_START]       = GO(WAITING, CHECK),
		[WE_RESTART]     = GO(WAITING, CHECK),
	},
	[WS_WAITING] = {
		[WE_DEPS]        = GO(STARTING, SPAWN),
		[WE_STOP]        = GO(DOWN, NONE),
	},
	[WS_STARTING] = {
		[WE_READY]       = GO(RUNNING, NONE),
		[WE_STOP]        = GO(STOPPING, TERM),
		[WE_RESTART]     = GO(RESTARTING, TERM),
		[WE_EXIT_AGAIN]  = GO(ENDING_AGAIN, SWEEP),
		[WE_EXIT_DONE]   = GO(ENDING_DONE, SWEEP),
		[WE_EXIT_FAILED] = GO(ENDING_FAILED, SWEEP),
		[WE_TIMEOUT]     = GO(STARTING, KILL),
	},
	[WS_RUNNING] = {
		[WE_TIMEOUT]     = GO(STOPPING, TERM),
		[WE_STOP]        = GO(STOPPING, TERM),
		[WE_RESTART]     = GO(RESTARTING, TERM),
		[WE_EXIT_AGAIN]  = GO(ENDING_AGAIN, SWEEP),
		[WE_EXIT_DONE]   = GO(ENDING_DONE, SWEEP),
		[WE_EXIT_FAILED] = GO(ENDING_FAILED, SWEEP),
	},
	[WS_STOPPING] = {
		[WE_START]       = GO(RESTARTING, NONE),
		[WE_RESTART]     = GO(RESTARTING, NONE),
		[WE_EXIT_AGAIN]  = GO(STOPPING, SWEEP),
		[WE_EXIT_DONE]   = GO(STOPPING, SWEEP),
		[WE_EXIT_FAILED] = GO(STOPPING, SWEEP),
		[WE_EMPTY]       = GO(DOWN, NONE),
		[WE_TIMEOUT]     = GO(STOPPING, KILL),
	},
	[WS_RESTARTING] = {
		[WE_STOP]        = GO(STOPPING, NONE),
		[WE_EXIT_AGAIN]  = GO(RESTARTING, SWEEP),
		[WE_EXIT_DONE]   = GO(RESTARTING, SWEEP),
		[WE_EXIT_FAILED] = GO(RESTARTING, SWEEP),
		[WE_EMPTY]       = GO(WAITING, CHECK),
		[WE_TIMEOUT]     = GO(RESTARTING, KILL),
	},
	[WS_ENDING_AGAIN] = {
		[WE_START]       = GO(RESTARTING, NONE),
		[WE_RESTART]     = GO(RESTARTING, NONE),
		[WE_STOP]        = GO(STOPPING, NONE),
		[WE_EMPTY]       = GO(BACKOFF, DELAY),
		[WE_TIMEOUT]     = GO(ENDING_AGAIN, KILL),
	},
	[WS_ENDING_DONE] = {
		[WE_START]       = GO(RESTARTING, NONE),
		[WE_RESTART]     = GO(RESTARTING, NONE),
		[WE_STOP]        = GO(STOPPING, NONE),
		[WE_EMPTY]       = GO(DONE, NONE),
		[WE_TIMEOUT]     = GO(ENDING_DONE, KILL),
	},
	[WS_ENDING_FAILED] = {
		[WE_START]       = GO(RESTARTING, NONE),
		[WE_RESTART]     = GO(RESTARTING, NONE),
		[WE_STOP]        = GO(STOPPING, NONE),
		[WE_EMPTY]       = GO(FAILED, NONE),
		[WE_TIMEOUT]     = GO(ENDING_FAILED, KILL),
	},
	[WS_BACKOFF] = {
		[WE_START]       = GO(WAITING, CHECK),
		[WE_RESTART]     = GO(WAITING, CHECK),
		[WE_STOP]        = GO(DOWN, NONE),
		[WE_TIMEOUT]     = GO(WAITING, CHECK),
	},
	[WS_DONE] = {
		[WE_START]       = GO(WAITING, CHECK),
		[WE_RESTART]     = GO(WAITING, CHECK),
		[WE_STOP]        = GO(DOWN, NONE),
	},
	[WS_FAILED] = {
		[WE_START]       = GO(WAITING, CHECK),
		[WE_RESTART]     = GO(WAITING, CHECK),
		[WE_STOP]        = GO(DOWN, NONE),
	},
};

static const struct {
	const char *name, *label;
	bool has_pool;
	bool lets_others_start;
} states[WS_COUNT] = {
	[WS_DOWN]          = { "down",       "DOWN",          false, true },
	[WS_WAITING]       = { "waiting",    "WAITING",       false, false },
	[WS_STARTING]      = { "starting",   "STARTING",      true,  false },
	[WS_RUNNING]       = { "running",    "RUNNING",       true,  true },
	[WS_STOPPING]      = { "stopping",   "STOPPING",      true,  true },
	[WS_RESTARTING]    = { "restarting", "RESTARTING",    true,  false },
	[WS_ENDING_AGAIN]  = { "ending",     "ENDING_AGAIN",  true,  false },
	[WS_ENDING_DONE]   = { "ending",     "ENDING_DONE",   true,  false },
	[WS_ENDING_FAILED] = { "ending",     "ENDING_FAILED", true,  true },
	/* A world that cannot be kept up must not hold up the others' boot. */
	[WS_BACKOFF]       = { "backoff",    "BACKOFF",       false, true },
	[WS_DONE]          = { "done",       "DONE",          false, true },
	[WS_FAILED]        = { "failed",     "FAILED",        false, true },
};
/* clang-format on */

static const char *const events[WE_COUNT] = {
	[WE_START] = "START",	      [WE_STOP] = "STOP",
	[WE_RESTART] = "RESTART",     [WE_DEPS] = "DEPS",
	[WE_READY] = "READY",	      [WE_EXIT_AGAIN] = "EXIT_AGAIN",
	[WE_EXIT_DONE] = "EXIT_DONE", [WE_EXIT_FAILED] = "EXIT_FAILED",
	[WE_EMPTY] = "EMPTY",	      [WE_TIMEOUT] = "TIMEOUT",
};

static const char *const actions[WA_COUNT] = {
	[WA_NONE] = "-",      [WA_CHECK] = "check", [WA_SPAWN] = "spawn", [WA_TERM] = "term",
	[WA_SWEEP] = "sweep", [WA_KILL] = "kill",   [WA_DELAY] = "delay",
};

struct step machine_step(enum world_state state, enum world_event event)
{
	const struct cell *c = &table[state][event];

	if (!c->valid)
		return (struct step){ .next = state, .action = WA_NONE, .refused = true };
	return (struct step){ .next = c->next, .action = c->action };
}

bool state_has_pool(enum world_state state)
{
	return states[state].has_pool;
}

bool state_lets_others_start(enum world_state state)
{
	return states[state].lets_others_start;
}

const char *state_name(enum world_state state)
{
	return states[state].name;
}

const char *state_label(enum world_state state)
{
	return states[state].label;
}

const char *event_label(enum world_event event)
{
	return events[event];
}

const char *action_label(enum world_action action)
{
	return actions[action];
}
