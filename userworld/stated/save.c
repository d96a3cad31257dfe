// SPDX-License-Identifier: Apache-2.0
/* From the files of the host to a generation. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cleanup.h"
#include "log.h"
#include "userworld/core/event.h"
#include "userworld/stated/seal.h"
#include "vfsctl.h"

#define TRIES 3 /* to get a snapshot of files that stand still */

static int take(struct state_snapshot *s, struct err *e)
{
	for (int i = 0;; i++) {
		uint64_t before = 0, after = 1;

		if (state_snapshot_take(s, "", &before, e) < 0)
			return -1;
		/* What changes from now on is another save. */
		if (i == TRIES - 1 || vfs_state_generation("", &after, NULL) < 0 || before == after)
			return 0;
		state_snapshot_free(s);
	}
}

/*
 * What was deleted stays deleted when the present image does not have it: the one that had it may
 * come back.
 */
static int carry_deleted(struct state_snapshot *now, const struct state_snapshot *saved,
			 struct err *e)
{
	for (size_t i = 0; i < saved->count; i++) {
		const struct state_file *f = &saved->list[i];
		struct state_file copy = { .deleted = true };
		struct stat st;

		if (!f->deleted || state_snapshot_find(now, f->path) || lstat(f->path, &st) == 0)
			continue;
		copy.path = strdup(f->path);
		if (state_snapshot_add(now, &copy, e) < 0)
			return -1;
	}
	return 0;
}

/* "/etc/hostname, /etc/hosts deleted": for the header. */
static int name_change(void *context, enum state_change_kind kind, const struct state_file *from,
		       const struct state_file *to, struct err *e)
{
	char *why = context;
	size_t len = strlen(why);

	(void)e;
	snprintf(why + len, STATE_WHY_MAX + 1 - len, "%s%s%s%s",
		 len && why[len - 1] != ' ' ? ", " : "", to ? to->path : from->path,
		 kind == STATE_CHANGED ? "" : " ",
		 kind == STATE_CHANGED ? "" : state_change_word(kind));
	return 0;
}

static int write_generation(struct keeper *k, struct state_header *h, const uint8_t *payload,
			    size_t len, struct err *e)
{
	int rc = -1;

	if (keeper_open(k, true, e) < 0)
		return -1;
	if (k->blank) {
		struct blkio *io = k->store.io;

		state_store_close(&k->store);
		rc = seal_make_store(k, &k->store, io, e);
		if (rc == 0) {
			k->blank = false;
			k->has_store = true;
		}
	} else {
		rc = state_store_same(&k->store, k->base.number ? &k->base : NULL, e);
	}
	if (rc == 0)
		rc = seal_append(k, h, payload, (uint32_t)len, e);
	keeper_close(k);
	return rc;
}

/* *now becomes what is saved. */
static int save_snapshot(struct keeper *k, struct state_snapshot *now, const char *who,
			 const char *why, struct err *e)
{
	struct state_header h = {
		.follows = k->base.number,
		.time = time(NULL),
		.format = STATE_FORMAT,
	};
	_cleanup_free_ uint8_t *payload = NULL;
	int64_t begin = keeper_now();
	size_t len;

	snprintf(h.build, sizeof(h.build), "%s", k->build);
	snprintf(h.who, sizeof(h.who), "%s", who && *who ? who : "unknown");
	snprintf(h.why, sizeof(h.why), "%s", why ? why : "");
	if (!why || !*why || why[strlen(why) - 1] == ' ')
		state_snapshot_diff(&k->saved, now, name_change, h.why, NULL);
	if (state_snapshot_pack(now, STATE_ZSTD, &payload, &len, e) < 0 ||
	    write_generation(k, &h, payload, len, e) < 0)
		return -1;
	k->base = h;
	k->seen = h.number;
	state_snapshot_free(&k->saved);
	k->saved = *now;
	memset(now, 0, sizeof(*now));
	log_info("generation %" PRIu64 " of the state is saved in %d ms: %s (%s)", h.number,
		 (int)(keeper_now() - begin), h.why, h.who);
	return 1;
}

/* Is there something to be written though no file has changed? */
static bool must(const struct keeper *k)
{
	return k->force || (k->base.number && seal_next(k) != SEAL_LEAVE);
}

static int save_now(struct keeper *k, struct state_snapshot *now, const char *who, const char *why,
		    struct err *e)
{
	bool first = !k->base.number;

	if (take(now, e) < 0 || carry_deleted(now, &k->saved, e) < 0)
		return -1;
	k->unsaved = must(k) || (first ? now->count > 0 : !state_snapshot_same(&k->saved, now));
	if (!k->unsaved || k->trial || !k->loaded ||
	    (k->mode != KEEP_READY && k->mode != KEEP_FAILED))
		return 0;
	if (save_snapshot(k, now, who, why, e) < 0)
		return -1;
	k->unsaved = k->force = false;
	return 1;
}

int keeper_save(struct keeper *k, const char *who, const char *why, struct err *e)
{
	struct state_snapshot now = { 0 };
	int rc = save_now(k, &now, who, why, e);

	state_snapshot_free(&now);
	if (rc >= 0 && k->mode == KEEP_FAILED) {
		k->mode = KEEP_READY;
		k->why[0] = '\0';
		if (rc > 0)
			keeper_say(EVENT_STATE_SAVED, "State is saved on the medium again");
		else
			core_event(EVENT_STATE_SAVED, NULL, "There is nothing to save any more");
	}
	return rc;
}

/* An empty generation: nothing is changed from what is shipped. */
int keeper_reset(struct keeper *k, const char *who, struct err *e)
{
	struct state_snapshot nothing = { 0 };

	if (k->mode != KEEP_READY)
		return err_set(e, ERR_CONFLICT,
			       "state is not being saved, so there is nothing to "
			       "reset on a medium: %s",
			       k->why);
	if (save_snapshot(k, &nothing, who, "reset to factory settings", e) < 0)
		return -1;
	k->mode = KEEP_RESET;
	snprintf(k->why, sizeof(k->why),
		 "the state is reset: the next start has factory settings, and nothing is saved "
		 "before");
	keeper_say(EVENT_STATE_CHANGED, "The state was reset to factory settings by %s", who);
	return 0;
}
