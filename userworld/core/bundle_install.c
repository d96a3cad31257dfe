// SPDX-License-Identifier: Apache-2.0
/* software.bundle.install: stream, verify, attach by one switch, start; or leave no trace. */
#include "bundle_install.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle_effect.h"
#include "bundle_plan.h"
#include "bundle_pool.h"
#include "bundle_services.h"
#include "bundle_stage.h"
#include "cleanup.h"
#include "event.h"
#include "internal.h"
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

int install_add_entry(struct install *in, const char *address, const struct depot_bundle *entry,
		      struct err *e)
{
	struct incoming *item = append(in);

	if (!item)
		return core_nomem(e);
	item->address = address;
	item->entry = entry;
	item->d = entry->d;
	item->text = entry->text;
	item->text_len = entry->text_len;
	item->signature = entry->signature;
	item->signature_len = entry->signature_len;
	return 0;
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
		return bundle_dry_run(installed, removed, bundle_effect_install(in));
	return bundle_result(message, installed, removed);
}

bool install_replaces(const struct install *in)
{
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i])
			return true;
	return false;
}

bool install_updates(const struct install *in, const char *name)
{
	for (size_t i = 0; i < in->n; i++)
		if (!strcmp(in->items[i].d->name, name))
			return true;
	return false;
}

static int stop_gone(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i] && bundle_services_stop(in->set.items[i].d, e) < 0)
			return -1;
	return 0;
}

static void restart_gone(const struct install *in)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i] && bundle_services_start(in->set.items[i].d, &e) < 0)
			log_warnx("after a failed install: %s", e.text);
}

static size_t count_tardisks(const struct install *in)
{
	size_t n = 0;

	for (size_t i = 0; i < in->n; i++)
		n += in->items[i].record.n_tardisks;
	return n;
}

static int detach_all(const struct install *in, struct err *e)
{
	size_t n = count_tardisks(in), used = 0;
	_cleanup_free_ struct visorfs_detach *detach = calloc(n + 1, sizeof(*detach));
	char mount[CORE_PATH_MAX];

	if (!detach)
		return core_nomem(e);
	for (size_t i = 0; i < in->n; i++) {
		const struct bundle_record *r = &in->items[i].record;

		for (size_t t = 0; t < r->n_tardisks; t++, used++) {
			detach[used].flags = VISORFS_DETACH_DISCARD | VISORFS_DETACH_FORCE;
			memcpy(detach[used].name, r->tardisks[t], sizeof(detach[used].name));
		}
	}
	if (core_path(mount, e, CORE_ROOT, "/") < 0)
		return -1;
	return vfs_switch(mount, NULL, 0, detach, n, e);
}

static int forget_all(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->n; i++)
		if (bundle_record_drop(in->items[i].d->name, e) < 0)
			return -1;
	return bundle_services_reload(e);
}

/* Takes bundles whose services did not start off again. Processes may linger: by force. */
static void undo(const struct install *in)
{
	struct err e = ERR_INIT;

	for (size_t i = in->n; i-- > 0;)
		bundle_services_stop(in->items[i].d, NULL);
	if (detach_all(in, &e) < 0 || forget_all(in, &e) < 0)
		log_warnx("taking back bundle %s: %s", in->items[0].d->name, e.text);
}

static bool services_went(const struct install *in)
{
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i] && in->set.items[i].d->services.n > 0)
			return true;
	return false;
}

static int start_services(struct install *in, struct err *e)
{
	if (services_went(in) && bundle_services_reload(e) < 0)
		return -1;
	for (size_t i = 0; i < in->n; i++) {
		const char *name = in->items[i].d->name;

		if (bundle_services_start(in->items[i].d, e) == 0)
			continue;
		/* What was replaced is gone from memory, so there is nothing to go back to. */
		if (install_replaces(in))
			return err_wrap(e, "bundle %s is installed, but", name);
		undo(in);
		return err_wrap(e, "bundle %s was taken back", name);
	}
	return 0;
}

static int switch_stopped(struct install *in, struct err *e)
{
	if (stop_gone(in, e) == 0 && install_switch(in, e) == 0)
		return install_drop_gone(in, e);
	restart_gone(in);
	return -1;
}

/* Number i of all that come or go; NULL behind the last. */
static const struct bundle_descriptor *touched(const struct install *in, size_t i)
{
	if (i < in->n)
		return in->items[i].d;
	i -= in->n;
	for (size_t k = 0; k < in->set.n; k++)
		if (in->gone[k] && i-- == 0)
			return in->set.items[k].d;
	return NULL;
}

/* One after the other pauses what it wants paused; the innermost does the switch. */
static int switch_paused(struct install *in, size_t i, struct err *e)
{
	const struct bundle_descriptor *d = touched(in, i);
	_cleanup_free_ bool *paused = NULL;
	int rc;

	if (!d)
		return switch_stopped(in, e);
	paused = calloc(d->services_stop.n + 1, sizeof(*paused));
	if (!paused)
		return core_nomem(e);
	if (bundle_services_pause(d, paused, e) < 0)
		return -1;
	rc = switch_paused(in, i + 1, e);
	bundle_services_resume(d, paused);
	return rc;
}

/* From here on something changes. Each failure leaves what was there before. */
static int change(struct install *in, struct err *e)
{
	return install_stage(in, e) < 0 ? -1 : switch_paused(in, 0, e);
}

static void tell(const struct install *in)
{
	const struct bundle_descriptor *d;

	for (size_t i = 0; (d = touched(in, i)); i++)
		bundle_services_refresh(d);
	for (size_t i = 0; i < in->n; i++)
		core_event("bundle", "info", "Bundle %s %s was installed", in->items[i].d->name,
			   in->items[i].d->version);
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i] && !install_updates(in, in->set.items[i].d->name))
			core_event("bundle", "info", "Bundle %s %s was removed",
				   in->set.items[i].d->name, in->set.items[i].d->version);
}

int install_run(struct install *in, bool dry_run, json_t **result, struct err *e)
{
	struct err clear = ERR_INIT;
	int rc;

	if (install_admit(in, e) < 0)
		return -1;
	if (dry_run)
		return core_give(result, result_of(in, NULL), e);
	rc = change(in, e);
	install_close_files(in);
	if (bundle_stage_clear(&clear) < 0)
		log_warnx("staging ramdisk not removed: %s", clear.text);
	if (rc < 0 || start_services(in, e) < 0)
		return -1;
	tell(in);
	return core_give(result,
			 result_of(in, "Operation finished successfully. "
				       "The bundle stays until the next boot."),
			 e);
}

static int install_from(struct bundle_source *source, bool dry_run, json_t **result, struct err *e)
{
	_cleanup_(install_end) struct install in = { 0 };
	_cleanup_close_ int lock = bundle_lock(e);
	struct bundle *b;

	if (lock < 0 || bundle_set_load(&in.set, e) < 0 || bundle_source_read(source, &b, e) < 0 ||
	    install_add(&in, b, e) < 0)
		return -1;
	return install_run(&in, dry_run, result, e);
}

int bundle_install_run(json_t *params, json_t **result, struct err *e)
{
	bool dry_run = json_is_true(json_object_get(params, "dry_run"));
	struct bundle_source source;
	int pool, rc;

	if (core_string(params, "name"))
		return depot_install(params, false, result, e);
	if (bundle_source_open(&source, core_string(params, "path"), core_string(params, "url"),
			       (int)core_integer(params, "fd", -1), e) < 0)
		return -1;
	pool = bundle_pool_enter();
	rc = install_from(&source, dry_run, result, e);
	bundle_pool_leave(pool);
	bundle_source_close(&source);
	if (rc < 0 && e)
		core_event("bundle", "error", "Install of %s failed: %s", source.name, e->text);
	return rc;
}

json_t *bundle_result(const char *message, json_t *installed, json_t *removed)
{
	return json_pack("{s:s, s:b, s:o, s:o, s:[]}", "message", message, "reboot_required", 0,
			 "installed", installed, "removed", removed, "skipped");
}

json_t *bundle_dry_run(json_t *installed, json_t *removed, json_t *effect)
{
	json_t *result = bundle_result("Dry run: nothing was changed. "
				       "The bundle would come or go at once, until the next boot.",
				       installed, removed);

	if (result && effect)
		json_object_set(result, "effect", effect);
	json_decref(effect);
	return result;
}
