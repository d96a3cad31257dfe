// SPDX-License-Identifier: Apache-2.0
/* What others, and the stated that comes next, may know without asking. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "userworld/core/state/state.h"
#include "userworld/stated/seal.h"
#include "utc.h"

#define STATUS_MAX 8192

static void add_time(json_t *status, const char *key, int64_t when)
{
	char text[UTC_MAX];

	json_object_set_new(status, key, json_string(when > 0 ? utc_text((time_t)when, text) : ""));
}

static json_t *record_text(const struct state_record *r)
{
	char text[2 * STATE_ID + 1];

	for (int i = 0; i < STATE_ID; i++)
		snprintf(text + 2 * i, 3, "%02x", r->id[i]);
	return json_string(text);
}

static json_t *make(const struct keeper *k)
{
	json_t *status =
		json_pack("{s:s, s:s, s:b, s:s, s:s, s:s, s:I, s:I, s:b, s:b, s:I, s:s, s:i}",
			  "mode", keeper_mode_word(k->mode), "why", k->why, "on_purpose",
			  k->on_purpose, "url", k->url, "device", k->device, "adopted", k->adopted,
			  "generation", (json_int_t)k->base.number, "seen", (json_int_t)k->seen,
			  "loaded", k->loaded, "unsaved", k->unsaved, "trial", (json_int_t)k->trial,
			  "trial_who", k->trial_who, "boot_files", k->boot_files);

	if (!status)
		return NULL;
	add_time(status, "saved_at", k->base.number ? k->base.time : 0);
	json_object_set_new(status, "saved_by", json_string(k->base.who));
	json_object_set_new(status, "store",
			    k->has_store ? record_text(&k->store.record) : json_string(""));
	json_object_set_new(status, "encryption", json_string(seal_word(k)));
	return status;
}

void keeper_status(const struct keeper *k)
{
	json_t *status = make(k);
	char *text = status ? json_dumps(status, JSON_COMPACT) : NULL;
	struct err e = ERR_INIT;

	mkdir("/run/visoros", 0755);
	mkdir(KEEP_RUN, 0700);
	if (!text)
		log_warnx("status: a text is no UTF-8, or out of memory");
	else if (file_write_atomic(STATE_STATUS, text, strlen(text), 0600, &e) < 0)
		log_err(&e);
	free(text);
	json_decref(status);
}

static void take_text(const json_t *status, const char *key, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(status, key));

	snprintf(out, size, "%s", text ? text : "");
}

static uint64_t take_number(const json_t *status, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(status, key));
}

bool keeper_was_here(struct keeper *k)
{
	_cleanup_free_ char *text = NULL;
	char mode[16];
	json_t *status;

	if (file_read(STATE_STATUS, STATUS_MAX, &text, NULL, NULL) < 0)
		return false;
	status = json_loads(text, 0, NULL);
	if (!status)
		return false;
	take_text(status, "mode", mode, sizeof(mode));
	take_text(status, "why", k->why, sizeof(k->why));
	take_text(status, "url", k->url, sizeof(k->url));
	take_text(status, "adopted", k->adopted, sizeof(k->adopted));
	take_text(status, "trial_who", k->trial_who, sizeof(k->trial_who));
	k->on_purpose = json_is_true(json_object_get(status, "on_purpose"));
	k->loaded = json_is_true(json_object_get(status, "loaded"));
	k->base.number = take_number(status, "generation");
	k->seen = take_number(status, "seen");
	k->trial = (int64_t)take_number(status, "trial");
	k->boot_files = (int)take_number(status, "boot_files");
	for (int m = 0; m <= KEEP_RESET; m++)
		if (!strcmp(mode, keeper_mode_word((enum keep_mode)m)))
			k->mode = (enum keep_mode)m;
	json_decref(status);
	return true;
}
