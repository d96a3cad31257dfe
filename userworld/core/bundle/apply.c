// SPDX-License-Identifier: Apache-2.0
/* Up to the switch, and what is written down after it. */
#include "apply.h"

#include "flip.h"
#include "hook.h"
#include "keep.h"
#include "local.h"
#include "services.h"
#include "step.h"
#include "userworld/core/internal.h"
#include "log.h"
#include "settle.h"

static int run_pre_remove(const struct bundle_change *c, bool force, struct err *e)
{
	struct err why = ERR_INIT;

	for (size_t i = 0; i < c->n_out; i++) {
		bool updated = bundle_change_brings(c, c->out[i]->d->name);

		if (bundle_hook_pre_remove(c->out[i], updated ? "update" : "remove", &why) == 0)
			continue;
		if (!force) {
			if (e)
				*e = why;
			return -1;
		}
		log_warnx("%s; it goes all the same", why.text);
	}
	return 0;
}

int change_pause_all(struct bundle_change *c, struct err *e)
{
	for (size_t i = 0; i < c->n_in; i++)
		if (bundle_services_pause(c->in[i]->d, c->paused, e) < 0)
			return -1;
	for (size_t i = 0; i < c->n_out; i++)
		if (bundle_services_pause(c->out[i]->d, c->paused, e) < 0)
			return -1;
	return 0;
}

static int stop_gone(const struct bundle_change *c, struct err *e)
{
	for (size_t i = c->n_out; i-- > 0;)
		if (bundle_services_stop(c->out[i]->d, e) < 0)
			return -1;
	return 0;
}

static int hold(struct bundle_change *c, struct err *e)
{
	for (size_t i = 0; i < c->n_out; i++)
		if (bundle_services_hold(c->out[i]->d, c->held, e) < 0)
			return -1;
	return 0;
}

static int switch_over(struct bundle_change *c, const int *const *files, bool force, struct err *e)
{
	if (run_pre_remove(c, force, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_PRE_REMOVE);
	if (bundle_local_keep(c->local, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_LOCAL);
	/* Written down before and after: what is down must come up again, whoever does it. */
	if (change_pause_all(c, e) < 0 || bundle_change_write(c, CHANGE_SWITCH, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_PAUSED);
	if (stop_gone(c, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_STOPPED);
	if (bundle_flip(c->in, c->n_in, files, c->out, c->n_out, force, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_SWITCHED);
	return 0;
}

void change_cancel(struct bundle_change *c)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < c->n_out; i++)
		if (bundle_services_start(c->out[i]->d, c->held, &e) < 0)
			log_warnx("after a change that was not made: %s", e.text);
	bundle_services_resume(c->paused);
	if (bundle_change_drop(&e) < 0 || bundle_keep_prune(NULL, &e) < 0)
		log_warnx("after a change that was not made: %s", e.text);
}

int change_commit(struct bundle_change *c, struct err *e)
{
	for (size_t i = 0; i < c->n_in; i++)
		if (bundle_record_write(c->in[i], e) < 0)
			return -1;
	for (size_t i = 0; i < c->n_out; i++)
		if (!bundle_change_brings(c, c->out[i]->d->name) &&
		    bundle_record_drop(c->out[i]->d->name, e) < 0)
			return -1;
	bundle_step(BUNDLE_STEP_RECORDED);
	if (bundle_local_renew(c->local, e) < 0 || bundle_change_write(c, CHANGE_START, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_RENEWED);
	return 0;
}

int change_apply(struct bundle_change *c, const int *const *files, bool force, struct err *e)
{
	if (hold(c, e) < 0 || bundle_change_write(c, CHANGE_SWITCH, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_JOURNAL);
	if (switch_over(c, files, force, e) < 0) {
		change_cancel(c);
		return -1;
	}
	return change_commit(c, e);
}
