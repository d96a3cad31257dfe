// SPDX-License-Identifier: Apache-2.0
/* The middle of an install: payloads into memory, then one switch of the namespace. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "apply.h"
#include "effect.h"
#include "install.h"
#include "keep.h"
#include "local.h"
#include "plan.h"
#include "stage.h"
#include "step.h"
#include "cleanup.h"
#include "userworld/core/internal.h"

/* The record keeps all of its own: what the bundle has ends with the bundle. */
static int copy_signed(const struct incoming *item, struct bundle_record *r, struct err *e)
{
	r->text_len = item->text_len;
	r->signature_len = item->signature_len;
	r->text = strndup(item->text, r->text_len);
	r->signature = malloc(r->signature_len + 1);
	if (!r->text || !r->signature)
		return core_nomem(e);
	if (r->signature_len)
		memcpy(r->signature, item->signature, r->signature_len);
	return bundle_descriptor_parse(r->text, r->text_len, &r->d, e);
}

/* Names of tardisks that are in use, those of records made before included. */
struct names {
	struct vfs_tardisk *taken;
	size_t n;
};

static void free_names(struct names *names)
{
	free(names->taken);
}

static int name_tardisks(struct names *names, struct bundle_record *r, struct err *e)
{
	for (size_t i = 0; i < r->d->n_payloads; i++) {
		struct vfs_tardisk *more =
			realloc(names->taken, (names->n + 1) * sizeof(*names->taken));

		if (!more)
			return core_nomem(e);
		names->taken = more;
		if (bundle_tardisk_name(r->d->name, more, names->n, r->tardisks[i], e) < 0)
			return -1;
		memcpy(more[names->n++].name, r->tardisks[i], sizeof(more[0].name));
		r->n_tardisks++;
	}
	return 0;
}

static int make_record(struct install *in, struct incoming *item, struct names *names,
		       struct err *e)
{
	struct bundle_record *r = &item->record;
	time_t now = time(NULL);
	struct tm tm;

	if (copy_signed(item, r, e) < 0)
		return -1;
	strftime(r->install_date, sizeof(r->install_date), "%Y-%m-%d", gmtime_r(&now, &tm));
	r->tardisks = calloc(r->d->n_payloads + 1, sizeof(*r->tardisks));
	r->overrides = bundle_effect_overrides(in, item->d);
	if (!r->tardisks || !r->overrides)
		return core_nomem(e);
	return name_tardisks(names, r, e);
}

int install_make_records(struct install *in, struct err *e)
{
	_cleanup_(free_names) struct names names = { NULL, 0 };

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &names.taken, &names.n, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n; i++)
		if (make_record(in, &in->items[i], &names, e) < 0)
			return -1;
	return 0;
}

/* Moved, not copied: from the stage to where they stay as long as the bundle does. */
static int keep_one(const struct incoming *item, struct err *e)
{
	char staged[CORE_PATH_MAX];

	for (size_t i = 0; i < item->d->n_payloads; i++)
		if (bundle_stage_path(staged, item->d, i, e) < 0 ||
		    bundle_keep_take(staged, item->record.tardisks[i], e) < 0)
			return -1;
	return 0;
}

static int keep_payloads(struct install *in, struct err *e)
{
	_cleanup_free_ const struct bundle_record **list = calloc(in->n + 1, sizeof(*list));

	if (!list)
		return core_nomem(e);
	for (size_t i = 0; i < in->n; i++)
		list[i] = &in->items[i].record;
	if (bundle_keep_room(list, in->n, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n; i++)
		if (keep_one(&in->items[i], e) < 0)
			return -1;
	bundle_step(BUNDLE_STEP_KEPT);
	return 0;
}

int install_plan_local(const struct install *in, json_t **plan, struct err *e)
{
	_cleanup_free_ struct local_old *old = calloc(in->set.n + 1, sizeof(*old));
	_cleanup_free_ struct local_source *new = calloc(in->n + 1, sizeof(*new));
	size_t n_old = 0;

	if (!old || !new)
		return core_nomem(e);
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i])
			old[n_old++] = (struct local_old){
				.record = &in->set.items[i],
				.leaves = in->remove && in->remove[i] &&
					  !install_updates(in, in->set.items[i].d->name),
			};
	for (size_t i = 0; i < in->n; i++) {
		new[i].d = in->items[i].d;
		new[i].files = in->items[i].files;
	}
	return bundle_local_plan(old, n_old, new, in->n, in->n == 0, plan, e);
}

static int fill_change(const struct install *in, struct bundle_change *c, struct err *e)
{
	size_t n_out = 0;
	json_t *plan = NULL;

	for (size_t i = 0; i < in->set.n; i++)
		n_out += in->gone[i];
	if (bundle_change_init(c, in->n, n_out, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n; i++)
		c->in[i] = &in->items[i].record;
	n_out = 0;
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i])
			c->out[n_out++] = &in->set.items[i];
	if (install_plan_local(in, &plan, e) < 0) {
		json_decref(plan);
		return -1;
	}
	json_decref(c->local);
	c->local = plan;
	return 0;
}

int install_switch(struct install *in, struct bundle_change *c, struct err *e)
{
	_cleanup_free_ const int **files = calloc(in->n + 1, sizeof(*files));

	if (!files)
		return core_nomem(e);
	for (size_t i = 0; i < in->n; i++)
		files[i] = in->items[i].files;
	if (install_make_records(in, e) < 0 || fill_change(in, c, e) < 0 ||
	    keep_payloads(in, e) < 0)
		return -1;
	return change_apply(c, files, in->force, e);
}
