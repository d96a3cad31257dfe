// SPDX-License-Identifier: Apache-2.0
/* Putting records and staging right after a process died between two steps. */
#include <string.h>

#include "apply.h"
#include "keep.h"
#include "settle.h"
#include "stage.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "log.h"

#define LOCK_PATIENCE_MS 3000

static bool is_attached(const char *name, const struct vfs_tardisk *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return true;
	return false;
}

static bool all_attached(const struct bundle_record *r, const struct vfs_tardisk *list, size_t n)
{
	for (size_t i = 0; i < r->n_tardisks; i++)
		if (!is_attached(r->tardisks[i], list, n))
			return false;
	return true;
}

/* The switch is one step: it was made or it was not. */
static int settle_switch(struct bundle_change *c, const struct vfs_tardisk *list, size_t n,
			 struct err *e)
{
	bool done = bundle_change_switched(c, list, n);
	const struct bundle_record *r = c->n_in ? c->in[0] : c->out[0];

	log_warnx("bundle %s: its change was interrupted %s", r->d->name,
		  done ? "after the switch; it goes on" : "before the switch; not made");
	if (done)
		return change_commit(c, e);
	change_cancel(c);
	return 0;
}

/* A journal that nobody can read: visorfs knows what is there, and records follow it. */
static int read_journal(struct bundle_change *c, struct err *e)
{
	struct err bad = ERR_INIT;
	int rc = bundle_change_read(c, &bad);

	if (rc >= 0)
		return rc;
	if (bad.kind != ERR_INVALID) {
		if (e)
			*e = bad;
		return -1;
	}
	log_warnx("%s; dropped", bad.text);
	return bundle_change_drop(e);
}

static int drop_detached(const struct vfs_tardisk *list, size_t n, struct err *e)
{
	struct bundle_set set;
	int rc = 0;

	if (bundle_set_load(&set, e) < 0)
		return -1;
	for (size_t i = 0; i < set.n && rc == 0; i++) {
		const struct bundle_record *r = &set.items[i];

		if (r->base || all_attached(r, list, n))
			continue;
		log_warnx("bundle %s: its tardisks are not attached; record dropped", r->d->name);
		rc = bundle_record_drop(r->d->name, e);
	}
	bundle_set_free(&set);
	return rc;
}

static int reconcile(struct bundle_change *c, bool journal, struct err *e)
{
	_cleanup_free_ struct vfs_tardisk *list = NULL;
	size_t n;

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &list, &n, e) < 0)
		return -1;
	if (journal && c->phase == CHANGE_SWITCH) {
		if (settle_switch(c, list, n, e) < 0)
			return -1;
		journal = c->phase != CHANGE_SWITCH;
	}
	if (!journal && drop_detached(list, n, e) < 0)
		return -1;
	if (bundle_record_sweep(e) < 0 || bundle_stage_clear(e) < 0)
		return -1;
	return bundle_keep_prune(journal ? c : NULL, e);
}

int bundle_reconcile(struct err *e)
{
	_cleanup_(bundle_change_free) struct bundle_change c = { 0 };
	int rc = read_journal(&c, e);

	return rc < 0 ? -1 : reconcile(&c, rc == 1, e);
}

int bundle_settle(struct err *e)
{
	_cleanup_(bundle_change_free) struct bundle_change c = { 0 };
	struct err why = ERR_INIT;
	int rc = read_journal(&c, e);

	if (rc != 1)
		return rc;
	if (change_finish(&c, &why) < 0)
		log_warnx("%s", why.text);
	return 0;
}

/* hostd takes it for a moment when it looks for a change that nobody looks after. */
int bundle_lock(struct err *e)
{
	struct err held = ERR_INIT;
	_cleanup_close_ int lock = core_lock_within(BUNDLE_LOCK, LOCK_PATIENCE_MS, &held);

	if (lock < 0)
		return err_set(e, held.kind, "another install or removal is running (%s)",
			       held.text);
	return bundle_reconcile(e) < 0 || bundle_settle(e) < 0 ? -1 : steal_fd(&lock);
}
