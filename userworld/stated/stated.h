/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of stated: one loop, what it keeps, and who may ask. */
#ifndef STATED_H
#define STATED_H

#include <event2/event.h>
#include <jansson.h>

#include "userworld/stated/keeper.h"
#include "userworld/stated/note.h"
#include "userworld/stated/pace.h"

struct stated {
	struct event_base *base;
	struct event *save, *look, *trial;
	struct keeper keeper;
	struct pace pace;
	struct note note;
	bool held; /* the pace is being held, and that was said */
};

/* Something may have changed: it is saved in time. */
void stated_changed(struct stated *s);

/* Saves now. 1 if it was written; who and why as keeper_save(). */
int stated_save(struct stated *s, const char *who, const char *why, struct err *e);

/* Sets the timer of a trial as the keeper says. */
void stated_trial(struct stated *s);

/* Answers requests (userworld/core/state/client.h) on a socket. */
int serve_start(struct stated *s, const char *path, struct err *e);

/* One request: *answer is a new reference. */
int serve_request(struct stated *s, const char *op, json_t *request, json_t **answer,
		  struct err *e);

/* Calls look() for s when block devices come or go. */
int devices_watch(struct stated *s, struct err *e);

/* Calls stated_changed() when visorfs' counter of state changes moves. */
int changes_watch(struct stated *s, struct err *e);

/* Loads the archive at keeper.url as soon as it can be had, in a process of its own. */
int url_start(struct stated *s, struct err *e);

#endif
