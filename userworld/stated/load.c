// SPDX-License-Identifier: Apache-2.0
/* From a generation to files of the host. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "userworld/stated/effects.h"
#include "userworld/stated/keeper.h"

/* What is done with each file that differs. */
struct applying {
	struct effects *effects;
	unsigned int files, failed;
};

/* Back to what was shipped, or away with it. */
static int make_as_shipped(const char *path, struct err *e)
{
	struct state_file f;
	int rc = state_file_shipped("", path, &f, e);

	if (rc < 0)
		return -1;
	if (rc == 0) {
		f.deleted = true;
		f.path = strdup(path);
		if (!f.path)
			return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	rc = state_file_apply(&f, "", e);
	state_file_clear(&f);
	return rc;
}

/* A file that cannot be written must not keep the others from being there. */
static int apply_one(void *context, enum state_change_kind kind, const struct state_file *from,
		     const struct state_file *to, struct err *e)
{
	const char *path = to ? to->path : from->path;
	struct applying *a = context;
	struct err why = ERR_INIT;

	(void)kind, (void)e;
	if ((to ? state_file_apply(to, "", &why) : make_as_shipped(path, &why)) < 0) {
		a->failed++;
		log_warnx("state: %s", why.text);
		return 0;
	}
	a->files++;
	effects_of(a->effects, path);
	return 0;
}

/* The caps of ramdisks come first: the other files have to fit. */
static void apply_ramdisks(const struct state_snapshot *target)
{
	const struct state_file *f = state_snapshot_find(target, "/etc/ramdisks");
	struct err e = ERR_INIT;

	if (!f || f->deleted)
		return;
	if (state_file_apply(f, "", &e) < 0 || effects_ramdisks(f->data, &e) < 0)
		keeper_say(EVENT_STATE_DAMAGED, "State: /etc/ramdisks is not in force: %s", e.text);
}

int keeper_apply(struct keeper *k, const struct state_snapshot *target, char **restart,
		 struct err *e)
{
	struct state_snapshot now = { 0 };
	struct effects effects = { 0 };
	struct applying a = { .effects = &effects };
	uint64_t generation;
	int rc;

	(void)k;
	rc = state_snapshot_take(&now, "", &generation, e);
	if (rc == 0) {
		apply_ramdisks(target);
		rc = state_snapshot_diff(&now, target, apply_one, &a, e);
	}
	state_snapshot_free(&now);
	if (rc < 0)
		return -1;
	effects_run(&effects);
	if (restart)
		*restart = effects_services(&effects);
	if (a.failed)
		keeper_say(EVENT_STATE_DAMAGED,
			   "State: %u files could not be brought back; the log has which",
			   a.failed);
	return (int)a.files;
}

static void on_damage(void *context, const char *text)
{
	(void)context;
	keeper_say(EVENT_STATE_DAMAGED, "State: %s", text);
}

/* The newest good generation becomes base and saved. 0 if there is none. */
static int read_base(struct keeper *k, struct err *e)
{
	_cleanup_free_ uint8_t *payload = NULL;
	struct state_header h;
	int rc;

	if (keeper_open(k, false, e) < 0)
		return -1;
	rc = state_store_newest(&k->store, &h, &payload, on_damage, NULL, e);
	keeper_close(k);
	if (rc <= 0)
		return rc;
	state_snapshot_free(&k->saved);
	if (state_snapshot_unpack(&k->saved, "generation", payload, h.size, e) < 0)
		return -1;
	k->base = h;
	k->force |= k->store.record.wipe; /* the power went before that: the next save does it */
	return 1;
}

int keeper_load(struct keeper *k, struct err *e)
{
	int rc = read_base(k, e);

	if (rc < 0)
		return -1;
	k->loaded = true;
	if (rc == 0) {
		log_info("no state on the medium yet: %s is used from now on", k->device);
		return 0;
	}
	rc = keeper_apply(k, &k->saved, NULL, e);
	k->boot_files = (int)k->saved.count;
	if (rc >= 0)
		log_info("generation %" PRIu64 " of the state is loaded: %d files (build %s, %s)",
			 k->base.number, rc, k->base.build, k->base.who);
	return rc;
}

/* The generation from before is read for its content only: the host has it. */
int keeper_resume(struct keeper *k, struct err *e)
{
	uint64_t number = k->base.number;

	if (k->mode != KEEP_READY || !number)
		return 0;
	if (read_base(k, e) < 0)
		return -1;
	if (k->base.number != number)
		return err_set(e, ERR_CONFLICT, "generation %" PRIu64 " is not there any more",
			       number);
	return 0;
}
