// SPDX-License-Identifier: Apache-2.0
/* software.bundle.install: stream, verify, attach by one switch, start; or leave no trace. */
#include "install.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply.h"
#include "effect.h"
#include "plan.h"
#include "pool.h"
#include "stage.h"
#include "step.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "log.h"

void install_close_files(struct install *in)
{
	for (size_t k = 0; k < in->n; k++) {
		struct incoming *item = &in->items[k];

		for (size_t i = 0; item->files && i < item->d->n_payloads; i++)
			if (item->files[i] >= 0)
				close(item->files[i]);
		free(item->files);
		item->files = NULL;
	}
}

void install_end(struct install *in)
{
	install_close_files(in);
	for (size_t i = 0; i < in->n; i++) {
		bundle_record_free(&in->items[i].record);
		bundle_close(in->items[i].bundle);
	}
	free(in->items);
	free(in->remove);
	free(in->gone);
	bundle_set_free(&in->set);
	memset(in, 0, sizeof(*in));
}

static struct incoming *append(struct install *in)
{
	struct incoming *items = realloc(in->items, (in->n + 1) * sizeof(*items));

	if (!items)
		return NULL;
	in->items = items;
	return memset(&items[in->n++], 0, sizeof(*items));
}

int install_add(struct install *in, struct bundle *b, struct err *e)
{
	struct incoming *item = append(in);

	if (!item) {
		bundle_close(b);
		return core_nomem(e);
	}
	item->bundle = b;
	item->d = bundle_descriptor(b);
	item->text = bundle_descriptor_text(b, &item->text_len);
	item->signature = bundle_signature(b, &item->signature_len);
	return 0;
}

int install_add_entry(struct install *in, const struct depot_place *place,
		      const struct depot_bundle *entry, struct err *e)
{
	struct incoming *item = append(in);

	if (!item)
		return core_nomem(e);
	item->place = place;
	item->entry = entry;
	item->d = entry->d;
	item->text = entry->text;
	item->text_len = entry->text_len;
	item->signature = entry->signature;
	item->signature_len = entry->signature_len;
	return 0;
}

int bundle_wanted_blame(const struct bundle_wanted *w, struct err *e)
{
	/* Who reads it names it. */
	if (e && strncmp(e->text, w->where, strlen(w->where)) == 0)
		return err_wrap(e, "%s", w->origin);
	return err_wrap(e, "%s: %.200s", w->origin, w->where);
}

int install_blame(const struct incoming *item, struct err *e)
{
	return item->wanted ? bundle_wanted_blame(item->wanted, e) : -1;
}

void bundle_append_id(json_t *list, const struct bundle_descriptor *d)
{
	_cleanup_free_ char *id = bundle_id(d);

	json_array_append_new(list, json_string(id ? id : d->name));
}

/* message NULL: of a dry run. */
static json_t *result_of(const struct install *in, const char *message)
{
	json_t *installed = json_array();
	json_t *removed = json_array();

	for (size_t i = 0; i < in->n; i++)
		bundle_append_id(installed, in->items[i].d);
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i])
			bundle_append_id(removed, in->set.items[i].d);
	if (!message)
		return bundle_dry_run(installed, removed, bundle_effect_install(in), &in->kept);
	return bundle_result(message, installed, removed);
}

bool install_updates(const struct install *in, const char *name)
{
	for (size_t i = 0; i < in->n; i++)
		if (!strcmp(in->items[i].d->name, name))
			return true;
	return false;
}

static void tell(const struct install *in)
{
	for (size_t i = 0; i < in->n; i++)
		core_event(EVENT_BUNDLE_INSTALLED,
			   EVENT_WITH(EVENT_STR("bundle", in->items[i].d->name),
				      EVENT_STR("version", in->items[i].d->version)),
			   "Bundle %s %s was installed", in->items[i].d->name,
			   in->items[i].d->version);
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i] && !install_updates(in, in->set.items[i].d->name))
			core_event(EVENT_BUNDLE_REMOVED,
				   EVENT_WITH(EVENT_STR("bundle", in->set.items[i].d->name),
					      EVENT_STR("version", in->set.items[i].d->version)),
				   "Bundle %s %s was removed", in->set.items[i].d->name,
				   in->set.items[i].d->version);
}

void install_clear_stage(struct install *in)
{
	struct err e = ERR_INIT;

	install_close_files(in);
	if (bundle_stage_clear(&e) < 0)
		log_warnx("staging ramdisk not removed: %s", e.text);
	bundle_step(BUNDLE_STEP_CLEARED);
}

static bool replaces_any(const struct install *in)
{
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i])
			return true;
	return false;
}

/* Of an update the payloads are read as well: what becomes of state files is in them. */
static int dry_run(struct install *in, json_t **result, struct err *e)
{
	json_t *plan = NULL;
	int rc = 0;

	if (replaces_any(in)) {
		rc = install_stage(in, e);
		if (rc == 0)
			rc = install_plan_local(in, &plan, e);
		install_clear_stage(in);
	}
	if (rc == 0)
		rc = core_give(result, result_of(in, NULL), e);
	if (rc == 0)
		json_object_set_new(*result, "state_files",
				    plan ? json_incref(plan) : json_array());
	json_decref(plan);
	return rc;
}

static int give_result(const struct install *in, const struct bundle_change *c, json_t **result,
		       struct err *e)
{
	if (core_give(result, result_of(in, ""), e) < 0)
		return -1;
	bundle_tell_kept(*result, &c->kept, " The bundle stays until the next boot.");
	json_object_set(*result, "state_files", c->local);
	return 0;
}

int install_run(struct install *in, bool dry, json_t **result, struct err *e)
{
	_cleanup_(bundle_change_free) struct bundle_change c = { 0 };
	int rc;

	if (install_admit(in, e) < 0)
		return -1;
	if (dry)
		return dry_run(in, result, e);
	rc = install_stage(in, e);
	if (rc == 0)
		rc = install_switch(in, &c, e);
	install_clear_stage(in);
	if (rc < 0 || change_finish(&c, e) < 0)
		return -1;
	tell(in);
	return give_result(in, &c, result, e);
}

static int install_from(struct bundle_source *source, json_t *params, json_t **result,
			struct err *e)
{
	bool dry = json_is_true(json_object_get(params, "dry_run"));
	_cleanup_(install_end) struct install in = { 0 };
	_cleanup_close_ int lock = bundle_lock(e);
	struct bundle *b;

	in.force = json_is_true(json_object_get(params, "force"));
	if (lock < 0 || bundle_set_load(&in.set, e) < 0 || bundle_source_read(source, &b, e) < 0 ||
	    install_add(&in, b, e) < 0)
		return -1;
	return install_run(&in, dry, result, e);
}

int bundle_install_run(json_t *params, json_t **result, struct err *e)
{
	struct bundle_source source;
	int pool, rc;

	if (core_string(params, "name"))
		return depot_install(params, false, result, e);
	if (bundle_source_open(&source, core_string(params, "path"), core_string(params, "url"),
			       (int)core_integer(params, "fd", -1), e) < 0)
		return -1;
	pool = bundle_pool_enter();
	rc = install_from(&source, params, result, e);
	bundle_pool_leave(pool);
	if (rc < 0)
		bundle_source_explain(&source, e);
	bundle_source_close(&source);
	if (rc < 0 && e)
		core_event(EVENT_BUNDLE_INSTALL_FAILED,
			   EVENT_WITH(EVENT_STR("source", source.name)), "Install of %s failed: %s",
			   source.name, e->text);
	return rc;
}
