// SPDX-License-Identifier: Apache-2.0
/* After the switch: services, hooks, trial. */
#include <stdio.h>
#include <string.h>

#include "apply.h"
#include "hook.h"
#include "keep.h"
#include "local.h"
#include "refused.h"
#include "services.h"
#include "step.h"
#include "watch.h"
#include "userworld/core/internal.h"
#include "log.h"

static int blame(struct bundle_change *c, size_t i)
{
	snprintf(c->culprit, sizeof(c->culprit), "%s", c->in[i]->d->name);
	return -1;
}

static bool replaces(const struct bundle_change *c, const char *name)
{
	for (size_t i = 0; i < c->n_out; i++)
		if (!strcmp(c->out[i]->d->name, name))
			return true;
	return false;
}

static bool services_went(const struct bundle_change *c)
{
	for (size_t i = 0; i < c->n_out; i++)
		if (c->out[i]->d->services.n > 0)
			return true;
	return false;
}

static int start_services(struct bundle_change *c, struct err *e)
{
	bundle_services_resume(c->paused);
	if (services_went(c) && bundle_services_reload(e) < 0)
		return -1;
	for (size_t i = 0; i < c->n_in; i++)
		if (bundle_services_start(c->in[i]->d, c->held, e) < 0)
			return blame(c, i);
	for (size_t i = 0; i < c->n_in; i++)
		bundle_services_refresh(c->in[i]->d);
	for (size_t i = 0; i < c->n_out; i++)
		bundle_services_refresh(c->out[i]->d);
	return 0;
}

static int run_post_install(struct bundle_change *c, struct err *e)
{
	for (size_t i = 0; i < c->n_in; i++) {
		bool update = replaces(c, c->in[i]->d->name);

		if (bundle_hook_post_install(c->in[i], update ? "update" : "install", e) < 0)
			return blame(c, i);
	}
	return 0;
}

static int start(struct bundle_change *c, struct err *e)
{
	if (start_services(c, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_STARTED);
	if (run_post_install(c, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_POST_INSTALL);
	if (bundle_window(c) == 0)
		return 0;
	return bundle_watch_begin(c, e) < 0 ? -1 : bundle_change_write(c, CHANGE_WATCH, e);
}

static int pass(struct bundle_change *c, struct err *e)
{
	if (c->phase == CHANGE_START && start(c, e) < 0)
		return -1;
	if (c->phase == CHANGE_WATCH && bundle_watch(c, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_WATCHED);
	return 0;
}

/* What there is now is good, whether or not it can be kept. */
static int keep(struct bundle_change *c, struct err *e)
{
	if (bundle_change_write(c, CHANGE_KEEP, e) < 0)
		return -1;
	bundle_bank_keep(&c->kept);
	bundle_step(BUNDLE_STEP_IN_BANK);
	return 0;
}

int change_finish(struct bundle_change *c, struct err *e)
{
	struct err why = ERR_INIT;

	if (c->phase == CHANGE_BACK || pass(c, &why) < 0) {
		change_back(c, &why);
		if (e)
			*e = why;
		return -1;
	}
	bundle_local_remove(c->local);
	/* Somebody asked for it in spite of the list, and was right. */
	for (size_t i = 0; i < c->n_in; i++)
		bundle_refused_remove(c->in[i]->d->name, c->in[i]->d->version, NULL);
	if (keep(c, e) < 0 || bundle_change_drop(e) < 0)
		return -1;
	if (bundle_keep_prune(NULL, &why) < 0)
		log_warnx("payloads of what went are still there: %s", why.text);
	return 0;
}
