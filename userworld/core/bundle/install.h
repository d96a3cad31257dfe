/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An install: a change set of bundles that come and bundles that go, in one
 * switch. Its steps have files of their own.
 */
#ifndef VISOR_CORE_BUNDLE_INSTALL_H
#define VISOR_CORE_BUNDLE_INSTALL_H

#include <jansson.h>
#include <stdbool.h>

#include "change.h"
#include "record.h"
#include "source.h"
#include "tardisk/depot.h"

#define INSTALL_DOWNLOADS 4 /* bundles that are fetched at the same time, at most */

/* Where a bundle is, and who wants it. */
struct bundle_wanted {
	const char *where; /* URL or path */
	char origin[256];  /* what an error about it begins with: file, line and key */
};

/* A bundle that comes. */
struct incoming {
	const struct bundle_descriptor *d;
	const char *text; /* of the descriptor, as it was signed */
	size_t text_len;
	const void *signature; /* in DER; length 0 if there is none */
	size_t signature_len;
	struct bundle *bundle;		    /* to read the payloads from, or NULL: from a depot */
	const struct bundle_wanted *wanted; /* to be named by errors, or NULL */
	const struct depot_place *place;    /* of the depot */
	const struct depot_bundle *entry;   /* in its index */
	struct bundle_record record;	    /* to be written; d is a copy */
	int *files;			    /* staged payloads, -1 where none yet */
};

struct install {
	struct incoming *items; /* what others depend on first, once it was admitted */
	size_t n;
	struct bundle_set set; /* what is installed before */
	bool *remove;	       /* per entry of set: asked to go; NULL for none */
	bool *gone;	       /* per entry of set: goes with this install */
	struct bundle_kept
		kept; /* whether it will outlive a restart, as far as can be told before */
	bool force;   /* although a version failed here before, whatever hooks say */
};

/* One more bundle that comes, which is open; it becomes the install's. */
int install_add(struct install *in, struct bundle *b, struct err *e);

/* The same of a bundle in a depot; place and entry stay the caller's. */
int install_add_entry(struct install *in, const struct depot_place *place,
		      const struct depot_bundle *entry, struct err *e);

/* Frees all but the structure itself; an empty one is allowed. */
void install_end(struct install *in);

/* Puts who wants it, and from where, in front of an error about it. Return -1. */
int bundle_wanted_blame(const struct bundle_wanted *w, struct err *e);
int install_blame(const struct incoming *item, struct err *e);

/*
 * All reasons to refuse, before anything changes: signatures, relations, files of
 * other bundles and of the image, live install, memory. Sets in->gone and the
 * order of in->items.
 */
int install_admit(struct install *in, struct err *e);

/*
 * The same of bundles that only go along with the image that runs, with those of in->set, to
 * another disk: nothing of this host but its memory, where they are staged, is in their way.
 */
int install_admit_elsewhere(struct install *in, struct err *e);

/* The part of both that compares files with those of the image. */
int install_admit_files(const struct install *in, struct err *e);

/* Descriptors of what comes, in the same order; the array is the caller's, NULL for lack of memory.
 */
const struct bundle_descriptor **install_descriptors(const struct install *in);

/* Does one of that name come? */
bool install_updates(const struct install *in, const char *name);

/* Brings the payloads into the staging ramdisk and checks them. */
int install_stage(struct install *in, struct err *e);

/* Closes the staged payloads: an open file keeps its place, even without a name. */
void install_close_files(struct install *in);

/* Closes them, and removes them with the staging ramdisk. */
void install_clear_stage(struct install *in);

/* Makes the records of what comes; no name of a tardisk in them is one that is attached. */
int install_make_records(struct install *in, struct err *e);

/* What becomes of changed state files (local.h); the payloads are staged. */
int install_plan_local(const struct install *in, json_t **plan, struct err *e);

/*
 * One switch: attaches the new tardisks and detaches those of the bundles that go.
 * *c is filled, to be freed; it refers to the install.
 */
int install_switch(struct install *in, struct bundle_change *c, struct err *e);

/*
 * The bundles come and go, or with dry_run only the effect is told. in->set is
 * loaded; the caller holds BUNDLE_LOCK.
 */
int install_run(struct install *in, bool dry_run, json_t **result, struct err *e);

/*
 * The result of a dry run: an effect (effect.h), taken over, what would change, and what
 * that would do to the boot medium.
 */
json_t *bundle_dry_run(json_t *installed, json_t *removed, json_t *effect,
		       const struct bundle_kept *kept);

/* What was changed, as the result of the operation. */
json_t *bundle_result(const char *message, json_t *installed, json_t *removed);

/*
 * Says in the result that it succeeded, and whether it outlives a restart. stateless: what is
 * said of that on a host without a boot medium, with a space before it.
 */
void bundle_tell_kept(json_t *result, const struct bundle_kept *kept, const char *stateless);

/* An id for the result's list "installed", "removed" or "skipped". */
void bundle_append_id(json_t *list, const struct bundle_descriptor *d);

/* A request for bundles by name, out of depots; with update only newer versions come. */
int depot_install(json_t *params, bool update, json_t **result, struct err *e);
int depot_update_run(json_t *params, json_t **result, struct err *e);

int bundle_install_run(json_t *params, json_t **result, struct err *e);
int bundle_remove_run(json_t *params, json_t **result, struct err *e);

#endif
