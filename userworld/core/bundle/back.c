// SPDX-License-Identifier: Apache-2.0
/* Back to the set before, from the payloads that were kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply.h"
#include "flip.h"
#include "hook.h"
#include "keep.h"
#include "local.h"
#include "refused.h"
#include "services.h"
#include "settle.h"
#include "step.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "log.h"

/* Open payloads of what comes back. */
struct payloads {
	int **files;
	size_t n;
	const struct bundle_change *c;
};

static void close_payloads(struct payloads *p)
{
	for (size_t i = 0; i < p->n; i++) {
		for (size_t t = 0; p->files[i] && t < p->c->out[i]->n_tardisks; t++)
			if (p->files[i][t] >= 0)
				close(p->files[i][t]);
		free(p->files[i]);
	}
	free(p->files);
}

static int open_payloads(struct payloads *p, struct err *e)
{
	p->files = calloc(p->c->n_out + 1, sizeof(*p->files));
	if (!p->files)
		return core_nomem(e);
	p->n = p->c->n_out;
	for (size_t i = 0; i < p->n; i++) {
		const struct bundle_record *r = p->c->out[i];

		p->files[i] = malloc((r->n_tardisks + 1) * sizeof(int));
		if (!p->files[i])
			return core_nomem(e);
		memset(p->files[i], -1, (r->n_tardisks + 1) * sizeof(int));
		for (size_t t = 0; t < r->n_tardisks; t++) {
			p->files[i][t] = bundle_keep_open(r->tardisks[t], e);
			if (p->files[i][t] < 0)
				return -1;
		}
	}
	return 0;
}

static bool was_there(const struct bundle_change *c, const char *name)
{
	for (size_t i = 0; i < c->n_out; i++)
		if (!strcmp(c->out[i]->d->name, name))
			return true;
	return false;
}

/* The same rule as on the way there, with old and new changed over. */
static int plan_local(struct bundle_change *c, const struct payloads *p, struct err *e)
{
	_cleanup_free_ struct local_source *sources = calloc(c->n_out + 1, sizeof(*sources));
	_cleanup_free_ struct local_old *old = calloc(c->n_in + 1, sizeof(*old));
	json_t *plan = NULL;
	int rc;

	if (!sources || !old)
		return core_nomem(e);
	for (size_t i = 0; i < c->n_in; i++)
		old[i] = (struct local_old){ .record = c->in[i],
					     .leaves = !was_there(c, c->in[i]->d->name) };
	for (size_t i = 0; i < c->n_out; i++) {
		sources[i].d = c->out[i]->d;
		sources[i].files = p->files[i];
	}
	rc = bundle_local_plan(old, c->n_in, sources, c->n_out, true, &plan, e);
	json_array_clear(c->local);
	json_array_extend(c->local, plan);
	json_decref(plan);
	return rc;
}

static void quiesce(struct bundle_change *c)
{
	struct err e = ERR_INIT;

	for (size_t i = c->n_in; i-- > 0;)
		if (bundle_hook_pre_remove(c->in[i], "rollback", &e) < 0)
			log_warnx("%s; it goes all the same", e.text);
	if (change_pause_all(c, &e) < 0)
		log_warnx("%s", e.text);
	for (size_t i = c->n_in; i-- > 0;)
		bundle_services_stop(c->in[i]->d, NULL);
	bundle_step(BUNDLE_STEP_BACK_STOPPED);
}

static int switch_back(struct bundle_change *c, struct err *e)
{
	_cleanup_(close_payloads) struct payloads p = { .c = c };

	if (open_payloads(&p, e) < 0)
		return -1;
	quiesce(c);
	if (plan_local(c, &p, e) < 0 || bundle_change_write(c, CHANGE_BACK, e) < 0 ||
	    bundle_local_keep(c->local, e) < 0)
		return -1;
	/* Their processes may linger. */
	if (bundle_flip(c->out, c->n_out, (const int *const *)p.files, c->in, c->n_in, true, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_BACK_SWITCHED);
	return 0;
}

static int write_records(const struct bundle_change *c, struct err *e)
{
	for (size_t i = 0; i < c->n_out; i++)
		if (bundle_record_write(c->out[i], e) < 0)
			return -1;
	for (size_t i = 0; i < c->n_in; i++)
		if (!was_there(c, c->in[i]->d->name) &&
		    bundle_record_drop(c->in[i]->d->name, e) < 0)
			return -1;
	bundle_step(BUNDLE_STEP_BACK_RECORDED);
	if (bundle_local_renew(c->local, e) < 0)
		return -1;
	bundle_local_remove(c->local);
	return 0;
}

/* What was there before runs again; nothing of it can be helped from here. */
static void start_again(struct bundle_change *c)
{
	struct err e = ERR_INIT;

	if (bundle_services_reload(&e) < 0)
		log_warnx("after a rollback: %s", e.text);
	bundle_services_resume(c->paused);
	for (size_t i = 0; i < c->n_out; i++) {
		if (bundle_services_start(c->out[i]->d, c->held, &e) < 0 ||
		    bundle_hook_post_install(c->out[i], "rollback", &e) < 0)
			log_warnx("after a rollback: %s", e.text);
		bundle_services_refresh(c->out[i]->d);
	}
	for (size_t i = 0; i < c->n_in; i++)
		bundle_services_refresh(c->in[i]->d);
	bundle_step(BUNDLE_STEP_BACK_STARTED);
}

static const struct bundle_record *culprit(const struct bundle_change *c)
{
	for (size_t i = 0; i < c->n_in; i++)
		if (!strcmp(c->in[i]->d->name, c->culprit))
			return c->in[i];
	return c->in[0];
}

static void remember(const struct bundle_change *c)
{
	const struct bundle_descriptor *bad = culprit(c)->d;
	struct err e = ERR_INIT;

	if (bundle_refused_add(bad, c->why, &e) < 0)
		log_warnx("bundle %s %s is not remembered as bad: %s", bad->name, bad->version,
			  e.text);
	for (size_t i = 0; i < c->n_in; i++)
		core_event(EVENT_BUNDLE_ROLLED_BACK,
			   EVENT_WITH(EVENT_STR("bundle", c->in[i]->d->name),
				      EVENT_STR("version", c->in[i]->d->version)),
			   "Bundle %s %s was rolled back: %s", c->in[i]->d->name,
			   c->in[i]->d->version, c->why);
}

static int is_switched(const struct bundle_change *c, bool *yes, struct err *e)
{
	_cleanup_free_ struct vfs_tardisk *list = NULL;
	size_t n = 0;

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &list, &n, e) < 0)
		return -1;
	*yes = bundle_change_switched(c, list, n);
	return 0;
}

/* All had been started: those that are down now were stopped by somebody meanwhile. */
static void note_stopped(struct bundle_change *c)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < c->n_in; i++)
		if (bundle_services_hold(c->in[i]->d, c->held, &e) < 0)
			log_warnx("services that were stopped on purpose start again: %s", e.text);
}

static int go_back(struct bundle_change *c, struct err *e)
{
	bool switched;

	if (c->phase == CHANGE_WATCH)
		note_stopped(c);
	if (bundle_change_write(c, CHANGE_BACK, e) < 0 || is_switched(c, &switched, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_BACK);
	if (switched && switch_back(c, e) < 0)
		return -1;
	if (write_records(c, e) < 0)
		return -1;
	start_again(c);
	remember(c);
	return 0;
}

/* It stays after all. */
static void start_new(struct bundle_change *c)
{
	struct err e = ERR_INIT;

	bundle_services_resume(c->paused);
	for (size_t i = 0; i < c->n_in; i++)
		if (bundle_services_start(c->in[i]->d, c->held, &e) < 0)
			log_warnx("after a failed rollback: %s", e.text);
}

/* The version that the bundle had before; NULL if there was none. */
static const char *version_before(const struct bundle_change *c, const char *name)
{
	for (size_t i = 0; i < c->n_out; i++)
		if (!strcmp(c->out[i]->d->name, name))
			return c->out[i]->d->version;
	return NULL;
}

static int say(const struct bundle_change *c, struct err *why)
{
	const struct bundle_descriptor *bad = culprit(c)->d;
	const char *before = version_before(c, bad->name);

	if (before)
		return err_set(why, ERR_CONFLICT, "bundle %s %s was rolled back to %s: %s",
			       bad->name, bad->version, before, c->why);
	return err_set(why, ERR_CONFLICT, "bundle %s %s was taken back: %s", bad->name,
		       bad->version, c->why);
}

int change_back(struct bundle_change *c, struct err *why)
{
	struct err e = ERR_INIT;
	int rc;

	if (c->n_in == 0)
		return bundle_change_drop(why) < 0 ? -1 : 0; /* nothing came */
	if (!c->why[0])
		snprintf(c->why, sizeof(c->why), "%.*s", (int)sizeof(c->why) - 1, why->text);
	rc = go_back(c, &e);
	if (rc < 0) {
		start_new(c);
		/* Attached is attached: records of before are not, so those of now stay. */
		core_event(EVENT_BUNDLE_STUCK,
			   EVENT_WITH(EVENT_STR("bundle", culprit(c)->d->name),
				      EVENT_STR("version", culprit(c)->d->version)),
			   "Bundle %s %s could not be rolled back: %s", culprit(c)->d->name,
			   culprit(c)->d->version, e.text);
		err_set(why, ERR_SYSTEM,
			"bundle %s %s is installed, but %.200s; going back: %.200s",
			culprit(c)->d->name, culprit(c)->d->version, c->why, e.text);
	} else {
		say(c, why);
	}
	if (bundle_change_drop(&e) < 0 || bundle_keep_prune(NULL, &e) < 0)
		log_warnx("after a rollback: %s", e.text);
	return -1;
}
