// SPDX-License-Identifier: Apache-2.0
/* The requests, one by one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/stated/effects.h"
#include "userworld/stated/stated.h"
#include "utc.h"

static const char *text_of(json_t *request, const char *key)
{
	const char *text = json_string_value(json_object_get(request, key));

	return text ? text : "";
}

static uint64_t number_of(json_t *request, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(request, key));

	return n > 0 ? (uint64_t)n : 0;
}

static int add(json_t *rows, json_t *row, struct err *e)
{
	if (json_array_append_new(rows, row) < 0)
		return err_set(e, ERR_INVALID, "a path is not UTF-8, or out of memory");
	return 0;
}

static json_t *pack_header(const struct state_header *h, const struct keeper *k)
{
	char text[UTC_MAX];

	return json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:I, s:I, s:b}", "generation",
			 (json_int_t)h->number, "follows", (json_int_t)h->follows, "time",
			 utc_text((time_t)h->time, text), "who", h->who, "why", h->why, "build",
			 h->build, "size", (json_int_t)h->size, "format", (json_int_t)h->format,
			 "current", h->number == k->base.number);
}

/* A medium that is not ours has generations that are not, either. */
static int open_ours(struct keeper *k, struct err *e)
{
	if (k->mode == KEEP_REFUSED)
		return err_set(e, ERR_CONFLICT, "%s", k->why);
	return keeper_open(k, false, e);
}

/* What the ring has, the newest first: as it was when the medium was looked at, and since. */
static int history(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	struct keeper *k = &s->keeper;

	(void)request;
	if (open_ours(k, e) < 0)
		return -1;
	keeper_close(k);
	*answer = json_array();
	for (size_t i = 0; i < k->store.ring.count; i++)
		if (state_ring_whole(&k->store.ring, i) &&
		    add(*answer, pack_header(&k->store.ring.list[i], k), e) < 0)
			return -1;
	return 0;
}

/* A generation as a snapshot; 0: the one loaded or saved last. */
static int generation(struct keeper *k, uint64_t number, struct state_snapshot *out, struct err *e)
{
	_cleanup_free_ uint8_t *payload = NULL;
	struct state_header h;
	int rc;

	if (!number)
		return state_snapshot_copy(out, &k->saved, e);
	if (open_ours(k, e) < 0)
		return -1;
	rc = state_store_read(&k->store, number, &h, &payload, e);
	keeper_close(k);
	if (rc < 0)
		return -1;
	if (h.format > STATE_FORMAT)
		return err_set(e, ERR_INVALID,
			       "generation %" PRIu64 " is of format %" PRIu32
			       ", which build %s wrote: "
			       "this one knows %d",
			       number, h.format, h.build, STATE_FORMAT);
	return state_snapshot_unpack(out, "generation", payload, h.size, e);
}

static int add_change(void *rows, enum state_change_kind kind, const struct state_file *from,
		      const struct state_file *to, struct err *e)
{
	return add(rows,
		   json_pack("{s:s, s:s}", "path", to ? to->path : from->path, "change",
			     state_change_word(kind)),
		   e);
}

/* What has changed since a generation: what would be lost by going back to it. */
static int diff(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	struct state_snapshot from = { 0 }, now = { 0 };
	uint64_t counter;
	int rc;

	*answer = json_array();
	rc = generation(&s->keeper, number_of(request, "generation"), &from, e);
	if (rc == 0)
		rc = state_snapshot_take(&now, "", &counter, e);
	if (rc == 0)
		rc = state_snapshot_diff(&from, &now, add_change, *answer, e);
	state_snapshot_free(&from);
	state_snapshot_free(&now);
	return rc;
}

/* One file of a generation, or as shipped if it has none. */
static int file(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	const char *path = text_of(request, "path");
	struct state_snapshot from = { 0 };
	struct state_file shipped = { 0 };
	const struct state_file *f = NULL;
	int rc = generation(&s->keeper, number_of(request, "generation"), &from, e);

	if (rc == 0)
		f = state_snapshot_find(&from, path);
	if (rc == 0 && !f) {
		rc = state_file_shipped("", path, &shipped, e);
		f = rc > 0 ? &shipped : NULL;
	}
	if (rc >= 0) {
		*answer = json_pack("{s:s%, s:b}", "text", f && f->data ? f->data : "",
				    f && f->data ? f->size : 0, "there", f && !f->deleted);
		rc = *answer ? 0 : err_set(e, ERR_INVALID, "%s: is no text", path);
	}
	state_file_clear(&shipped);
	state_snapshot_free(&from);
	return rc;
}

static int revert(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	uint64_t number = number_of(request, "generation");
	struct state_snapshot target = { 0 };
	_cleanup_free_ char *restart = NULL;
	struct keeper *k = &s->keeper;
	char why[64];
	int rc;

	if (k->trial)
		return err_set(e, ERR_CONFLICT,
			       "a trial is running: confirm it first, or let it run out");
	if (number == 0 || generation(k, number, &target, e) < 0)
		return number ? -1 : err_set(e, ERR_USAGE, "generation: from 1");
	rc = keeper_apply(k, &target, &restart, e);
	state_snapshot_free(&target);
	if (rc < 0)
		return -1;
	if (k->mode == KEEP_RESET) {
		k->mode = KEEP_READY;
		k->why[0] = '\0';
	}
	snprintf(why, sizeof(why), "back to generation %" PRIu64, number);
	keeper_say(EVENT_STATE_CHANGED,
		   "State is back at generation %" PRIu64 ": %d files, asked for by %s", number, rc,
		   text_of(request, "who"));
	if (stated_save(s, text_of(request, "who"), why, e) < 0)
		return -1;
	*answer = json_pack("{s:I, s:i, s:s}", "generation", (json_int_t)number, "files", rc,
			    "restart", restart ? restart : "");
	return 0;
}

/* Files that another has written, as a restore does. */
static int effects(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	_cleanup_free_ char *restart = NULL;
	struct effects x = { 0 };
	json_t *path;
	size_t i;

	(void)s;
	json_array_foreach (json_object_get(request, "paths"), i, path) {
		if (json_is_string(path))
			effects_of(&x, json_string_value(path));
	}
	effects_run(&x);
	restart = effects_services(&x);
	*answer = json_pack("{s:s}", "restart", restart ? restart : "");
	return *answer ? 0 : err_set(e, ERR_NO_SPACE, "out of memory");
}

static int try(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	uint64_t seconds = number_of(request, "seconds");

	(void)answer;
	if (keeper_try(&s->keeper, (unsigned int)seconds, text_of(request, "who"), e) < 0)
		return -1;
	stated_trial(s);
	return 0;
}

static int confirm(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	(void)request, (void)answer;
	if (keeper_confirm(&s->keeper, e) < 0)
		return -1;
	stated_trial(s);
	return 0;
}

static int cancel(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	int rc = keeper_cancel(&s->keeper, text_of(request, "who"), e);

	stated_trial(s);
	if (rc < 0)
		return -1;
	*answer = json_pack("{s:i}", "files", rc);
	return *answer ? 0 : err_set(e, ERR_NO_SPACE, "out of memory");
}

static int adopt(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	if (keeper_adopt(&s->keeper, text_of(request, "device"), e) < 0 ||
	    stated_save(s, text_of(request, "who"), "the medium was adopted", e) < 0)
		return -1;
	*answer = json_pack("{s:s, s:I}", "device", s->keeper.device, "generation",
			    (json_int_t)s->keeper.base.number);
	return 0;
}

static int reset(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	(void)answer;
	return keeper_reset(&s->keeper, text_of(request, "who"), e);
}

/* For those who want to know that it is on the medium. */
static int save(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	struct keeper *k = &s->keeper;

	(void)request;
	if (stated_save(s, NULL, NULL, e) < 0)
		return -1;
	if (k->trial)
		return err_set(e, ERR_CONFLICT,
			       "changes are on trial: they are saved when they are "
			       "confirmed");
	if (k->mode != KEEP_READY)
		return err_set(e, ERR_UNAVAILABLE, "state is not saved: %s", k->why);
	*answer = json_pack("{s:s, s:I}", "device", k->device, "generation",
			    (json_int_t)k->base.number);
	return 0;
}

static int note(struct stated *s, json_t *request, json_t **answer, struct err *e)
{
	(void)answer, (void)e;
	note_add(&s->note, text_of(request, "who"), text_of(request, "what"));
	return 0;
}

int serve_request(struct stated *s, const char *op, json_t *request, json_t **answer, struct err *e)
{
	static const struct {
		const char *op;
		int (*run)(struct stated *s, json_t *request, json_t **answer, struct err *e);
	} table[] = {
		{ "adopt", adopt },	{ "cancel", cancel },	{ "confirm", confirm },
		{ "diff", diff },	{ "effects", effects }, { "file", file },
		{ "history", history }, { "note", note },	{ "reset", reset },
		{ "revert", revert },	{ "save", save },	{ "try", try },
	};
	int rc;

	*answer = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (strcmp(table[i].op, op) != 0)
			continue;
		rc = table[i].run(s, request, answer, e);
		keeper_status(&s->keeper);
		return rc;
	}
	return err_set(e, ERR_USAGE, "'%.32s': no such request", op);
}
