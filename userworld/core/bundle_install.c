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
#include "lock.h"
#include "log.h"

/* An open file keeps its place in the staging ramdisk, even without a name. */
static void close_files(struct install *in)
{
	for (size_t i = 0; in->files && i < in->d->n_payloads; i++)
		if (in->files[i] >= 0)
			close(in->files[i]);
	free(in->files);
	in->files = NULL;
}

static void end_install(struct install *in)
{
	close_files(in);
	free(in->gone);
	bundle_record_free(&in->record);
	bundle_set_free(&in->set);
	bundle_close(in->bundle);
}

static void append_id(json_t *list, const struct bundle_descriptor *d)
{
	_cleanup_free_ char *id = bundle_id(d);

	json_array_append_new(list, json_string(id ? id : d->name));
}

/* message NULL: of a dry run. */
static json_t *result_of(const struct install *in, const char *message)
{
	json_t *installed = json_array();
	json_t *removed = json_array();

	append_id(installed, in->d);
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i])
			append_id(removed, in->set.items[i].d);
	if (!message)
		return bundle_dry_run(installed, removed, bundle_effect_install(in));
	return bundle_result(message, installed, removed);
}

static bool replaces_any(const struct install *in)
{
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i])
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

/* Takes a bundle whose services did not start off again. Its processes may linger: by force. */
static void undo(const struct install *in)
{
	struct visorfs_detach detach[BUNDLE_PAYLOADS_MAX] = { 0 };
	char mount[CORE_PATH_MAX];
	struct err e = ERR_INIT;

	bundle_services_stop(in->d, NULL);
	for (size_t i = 0; i < in->record.n_tardisks; i++) {
		detach[i].flags = VISORFS_DETACH_DISCARD | VISORFS_DETACH_FORCE;
		memcpy(detach[i].name, in->record.tardisks[i], sizeof(detach[i].name));
	}
	if (core_path(mount, &e, CORE_ROOT, "/") < 0 ||
	    vfs_switch(mount, NULL, 0, detach, in->record.n_tardisks, &e) < 0 ||
	    bundle_record_drop(in->d->name, &e) < 0 || bundle_services_reload(&e) < 0)
		log_warnx("taking back bundle %s: %s", in->d->name, e.text);
}

static int start_services(struct install *in, struct err *e)
{
	if (bundle_services_start(in->d, e) == 0)
		return 0;
	/* What was replaced is gone from memory, so there is nothing to go back to. */
	if (replaces_any(in))
		return err_wrap(e, "bundle %s is installed, but", in->d->name);
	undo(in);
	return err_wrap(e, "bundle %s was taken back", in->d->name);
}

static int switch_stopped(struct install *in, struct err *e)
{
	if (stop_gone(in, e) == 0 && install_switch(in, e) == 0)
		return install_drop_gone(in, e);
	restart_gone(in);
	return -1;
}

/* From here on something changes. Each failure leaves what was there before. */
static int change(struct install *in, struct err *e)
{
	_cleanup_free_ bool *paused = calloc(in->d->services_stop.n + 1, sizeof(*paused));
	int rc;

	if (!paused)
		return core_nomem(e);
	if (install_stage(in, e) < 0 || bundle_services_pause(in->d, paused, e) < 0)
		return -1;
	rc = switch_stopped(in, e);
	bundle_services_resume(in->d, paused);
	return rc;
}

static int install(struct install *in, bool dry_run, json_t **result, struct err *e)
{
	struct err clear = ERR_INIT;
	int rc;

	in->d = bundle_descriptor(in->bundle);
	if (bundle_set_load(&in->set, e) < 0 || install_admit(in, e) < 0)
		return -1;
	if (dry_run)
		return core_give(result, result_of(in, NULL), e);
	rc = change(in, e);
	close_files(in);
	if (bundle_stage_clear(&clear) < 0)
		log_warnx("staging ramdisk not removed: %s", clear.text);
	if (rc < 0 || start_services(in, e) < 0)
		return -1;
	bundle_services_refresh(in->d);
	core_event("bundle", "info", "Bundle %s %s was installed", in->d->name, in->d->version);
	return core_give(result,
			 result_of(in, "Operation finished successfully. "
				       "The bundle stays until the next boot."),
			 e);
}

static int install_from(struct bundle_source *source, bool dry_run, json_t **result, struct err *e)
{
	_cleanup_(end_install) struct install in = { 0 };
	struct err held = ERR_INIT;
	_cleanup_close_ int lock = core_trylock(BUNDLE_LOCK, &held);

	if (lock < 0)
		return err_set(e, held.kind, "another install or removal is running (%s)",
			       held.text);
	if (bundle_reconcile(e) < 0 || bundle_source_read(source, &in.bundle, e) < 0)
		return -1;
	return install(&in, dry_run, result, e);
}

int bundle_install_run(json_t *params, json_t **result, struct err *e)
{
	bool dry_run = json_is_true(json_object_get(params, "dry_run"));
	struct bundle_source source;
	int pool, rc;

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
