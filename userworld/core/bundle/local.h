/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State files of bundles that were changed on this host, when other versions
 * come. Three are compared, in what they hold, mode and owner: what the old
 * version shipped, what the new one ships, and what is there:
 *
 *	changed here?	same in old and new?	then
 *	no		either			the new one
 *	yes		yes			what is here stays ("kept")
 *	yes		no			what is here stays ("conflict")
 *	yes		not in the new one	what is here stays ("orphaned")
 *	yes		the bundle leaves	it goes with the bundle ("removed")
 *	as in the new	no			the new one
 *
 * A bundle leaves if neither another version of it comes nor one that replaces it.
 * What goes with it goes last of all: the bundle may come back, with what is here.
 *
 * Deleting a state file is a change like any other. What stays is made a file of
 * its ramdisk before the switch, with the same contents, so there is no moment at
 * which it is missing, and nothing to be put right after a crash.
 */
#ifndef VISOR_CORE_BUNDLE_LOCAL_H
#define VISOR_CORE_BUNDLE_LOCAL_H

#include <jansson.h>

#include "change.h"

/* A state file as somebody has it. */
struct local_print {
	bool there;
	uint32_t mode, uid, gid;
	char sha256[65];
};

/* One path in the three. */
struct local_facts {
	struct local_print old, new, here;
	bool changed; /* what is seen is not just what a tardisk shipped */
	bool ramdisk; /* it is a file of a ramdisk, not a changed file of a tardisk */
	bool leaves;  /* the bundle that shipped it */
	bool final;   /* there is no way back */
};

enum local_action {
	LOCAL_NOTHING, /* the switch does it */
	LOCAL_RENEW,   /* a file of a ramdisk, but as the old version shipped it: becomes the new */
	LOCAL_DROP,    /* the same, and the new version has none: it goes */
	LOCAL_KEPT,    /* changed here only */
	LOCAL_CONFLICT, /* changed here and by the new version */
	LOCAL_ORPHANED, /* changed here, and the new version has none */
	LOCAL_REMOVED,	/* the same, and the bundle leaves: it goes when there is no way back */
};

/* Pure: the rule. */
enum local_action local_decide(const struct local_facts *f);

const char *local_action_name(enum local_action action); /* "conflict" */

/* A bundle that is attached and goes. */
struct local_old {
	const struct bundle_record *record;
	bool leaves;
};

/* Payloads of a bundle that comes: d->n_payloads descriptors. */
struct local_source {
	const struct bundle_descriptor *d;
	const int *files;
};

/*
 * What becomes of the state files: a list of {"path", "action", "ramdisk"} without
 * those that nothing needs to be done or said about. final: the change has no way
 * back, so what leaves need not be kept for one. *plan is the caller's, on failure too.
 */
int bundle_local_plan(const struct local_old *old, size_t n_old, const struct local_source *new,
		      size_t n_new, bool final, json_t **plan, struct err *e);

/* Before the switch: what stays becomes a file of its ramdisk. May be done again. */
int bundle_local_keep(const json_t *plan, struct err *e);

/*
 * After it: what is to be renewed becomes what the namespace's newest tardisk has, and
 * so does what is to be dropped, if any has it; else it is deleted. Likewise.
 */
int bundle_local_renew(const json_t *plan, struct err *e);

/* When there is no way back: what left goes. Failures are logged: the change is made. */
void bundle_local_remove(const json_t *plan);

#endif
