// SPDX-License-Identifier: Apache-2.0
#include "apply.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "userworld/core/boot/answers.h"
#include "userworld/core/core.h"
#include "userworld/core/state/client.h"
#include "userworld/state/snapshot.h"

#define TRIES 60
#define PAUSE 5 /* seconds */

int provision_wanted(const json_t *status, struct err *e)
{
	const char *mode = json_string_value(json_object_get(status, "mode")) ?: "";
	const char *url = json_string_value(json_object_get(status, "url")) ?: "";
	json_int_t files = json_integer_value(json_object_get(status, "boot_files"));

	if (files > 0)
		return err_set(e, ERR_CONFLICT,
			       "this host has state: %" JSON_INTEGER_FORMAT " files", files);
	if (url[0] && !json_is_true(json_object_get(status, "loaded")))
		return err_set(e, ERR_CONFLICT, "state comes from %.200s", url);
	if (strcmp(mode, "ready") != 0 && strcmp(mode, "stateless") != 0)
		return err_set(e, ERR_CONFLICT,
			       "nobody knows whether this host has state: it is %s", mode);
	return 0;
}

/* Back to what before has, or to what was shipped, or to nothing. */
static void take_back(const struct state_snapshot *before, const struct state_snapshot *files,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *path = files->list[i].path;
		const struct state_file *old = state_snapshot_find(before, path);
		struct state_file shipped = { 0 };
		struct err e = ERR_INIT;
		int rc = old ? state_file_apply(old, "", &e)
			     : state_file_shipped("", path, &shipped, &e);

		if (!old && rc > 0)
			rc = state_file_apply(&shipped, "", &e);
		else if (!old && rc == 0)
			unlink(path);
		state_file_clear(&shipped);
		if (rc < 0)
			log_err(&e);
	}
}

static int write_files(const struct state_snapshot *files, struct err *e)
{
	struct state_snapshot before = { 0 };
	uint64_t generation;
	int rc = state_snapshot_take(&before, "", &generation, e);

	for (size_t i = 0; i < files->count && rc == 0; i++) {
		rc = state_file_apply(&files->list[i], "", e);
		if (rc < 0)
			take_back(&before, files, i);
	}
	state_snapshot_free(&before);
	return rc;
}

static void put_in_force(const struct state_snapshot *files)
{
	json_t *paths = json_array();
	struct err e = ERR_INIT;

	for (size_t i = 0; i < files->count; i++)
		json_array_append_new(paths, json_string(files->list[i].path));
	if (state_ask("effects", json_pack("{s:o}", "paths", paths), NULL, &e) < 0)
		log_err(&e);
}

int provision_files(const struct install_answers *a, const char *from, struct err *e)
{
	struct state_snapshot files = { 0 };
	char why[256];
	int rc = boot_answers_files(a, &files, e);

	if (rc == 0)
		rc = write_files(&files, e);
	if (rc == 0) {
		snprintf(why, sizeof(why), "provisioned by %s", from);
		state_note(why);
		put_in_force(&files);
		log_info("%s: %zu files of state are written", from, files.count);
	}
	state_snapshot_free(&files);
	return rc;
}

static int install(const char *where, struct err *e)
{
	json_t *params = json_pack("{s:s}", where[0] == '/' ? "path" : "url", where);
	int rc = -1;

	for (int i = 0; i < TRIES && rc < 0; i++) {
		if (i)
			sleep(PAUSE);
		rc = core_call("software.bundle.install", params, NULL, e);
		if (rc < 0 && e->kind != ERR_UNAVAILABLE && e->kind != ERR_CONFLICT)
			break;
	}
	json_decref(params);
	return rc;
}

int provision_bundles(const struct install_answers *a, struct err *e)
{
	for (size_t i = 0; i < a->n_bundles; i++) {
		if (install(a->bundles[i], e) < 0)
			return err_wrap(e, "%s", a->bundles[i]);
		log_info("%s is installed", a->bundles[i]);
	}
	return 0;
}
