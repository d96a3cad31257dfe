/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal of a change of the set of bundles: what comes, what goes, and how
 * far it is. It is written before anything changes, so that whoever comes after
 * a process that died can go on or go back:
 *
 *	switch  the namespace is switched or is not: visorfs knows. If not, the
 *		old set stands, and its services start again.
 *	start   switched: records are written, services start, hooks run
 *	watch   the new set is on trial until its window is over
 *	keep    it was passed: the boot medium gets the new set
 *	back    it failed: the old set comes back
 *
 * One file, written anew as a whole; there is none while nothing changes.
 */
#ifndef VISOR_CORE_BUNDLE_CHANGE_H
#define VISOR_CORE_BUNDLE_CHANGE_H

#include <jansson.h>

#include "bank.h"
#include "record.h"

#define BUNDLE_CHANGE "/var/db/visoros/change.json"

enum change_phase { CHANGE_SWITCH, CHANGE_START, CHANGE_WATCH, CHANGE_KEEP, CHANGE_BACK };

struct bundle_change {
	enum change_phase phase;
	const struct bundle_record **in; /* what comes, in the order of its start */
	size_t n_in;
	const struct bundle_record **out; /* what goes */
	size_t n_out;
	json_t *paused; /* names of the host's services that are down meanwhile */
	json_t *held; /* names of services of what goes that somebody had stopped: they stay down */
	json_t *local;	  /* state files that were changed here: see local.h */
	json_t *restarts; /* service: how often it had been restarted when the trial began */
	int64_t until;	  /* end of the trial, in seconds since boot */
	char culprit[BUNDLE_NAME_MAX + 1]; /* the bundle that failed, in the phase "back" */
	char why[400];			   /* how */
	struct bundle_kept kept;	   /* what came of the phase "keep"; not in the journal */
	struct bundle_record *owned;	   /* of a journal that was read */
};

/* Makes room for that many; the records are filled in by the caller, who keeps them. */
int bundle_change_init(struct bundle_change *c, size_t n_in, size_t n_out, struct err *e);
void bundle_change_free(struct bundle_change *c);

/* Pure: text and back. */
int bundle_change_format(const struct bundle_change *c, char **text, struct err *e);
int bundle_change_parse(const char *text, struct bundle_change *c, struct err *e);

/* Writes the journal, in its phase. */
int bundle_change_write(struct bundle_change *c, enum change_phase phase, struct err *e);

/* 1 and *c, to be freed; 0 if there is none. One that makes no sense is an error. */
int bundle_change_read(struct bundle_change *c, struct err *e);

/* Removes it: the change is over. */
int bundle_change_drop(struct err *e);

/* Does a bundle of that name come? */
bool bundle_change_brings(const struct bundle_change *c, const char *name);

/* Is the namespace switched? list: what is attached. */
bool bundle_change_switched(const struct bundle_change *c, const struct vfs_tardisk *list,
			    size_t n);

#endif
