// SPDX-License-Identifier: Apache-2.0
/* The journal of a change. */
#include "change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"

#define JOURNAL_MAX (64u << 20) /* bytes; descriptors may have 16 MiB */

static const char *const phases[] = { "switch", "start", "watch", "keep", "back" };

static void json_end(json_t **json)
{
	json_decref(*json);
}

int bundle_change_init(struct bundle_change *c, size_t n_in, size_t n_out, struct err *e)
{
	memset(c, 0, sizeof(*c));
	c->in = calloc(n_in + 1, sizeof(*c->in));
	c->out = calloc(n_out + 1, sizeof(*c->out));
	c->paused = json_array();
	c->held = json_array();
	c->local = json_array();
	c->restarts = json_object();
	if (!c->in || !c->out || !c->paused || !c->held || !c->local || !c->restarts) {
		bundle_change_free(c);
		return core_nomem(e);
	}
	c->n_in = n_in;
	c->n_out = n_out;
	return 0;
}

void bundle_change_free(struct bundle_change *c)
{
	for (size_t i = 0; c->owned && i < c->n_in + c->n_out; i++)
		bundle_record_free(&c->owned[i]);
	free(c->owned);
	free(c->in);
	free(c->out);
	json_decref(c->paused);
	json_decref(c->held);
	json_decref(c->local);
	json_decref(c->restarts);
	memset(c, 0, sizeof(*c));
}

static json_t *records_json(const struct bundle_record **list, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, bundle_record_json(list[i]));
	return array;
}

int bundle_change_format(const struct bundle_change *c, char **text, struct err *e)
{
	_cleanup_(json_end) json_t *root = json_pack(
		"{s:s, s:o, s:o, s:O, s:O, s:O, s:O, s:I, s:s, s:s}", "phase", phases[c->phase],
		"in", records_json(c->in, c->n_in), "out", records_json(c->out, c->n_out), "paused",
		c->paused, "held", c->held, "local", c->local, "restarts", c->restarts, "until",
		(json_int_t)c->until, "culprit", c->culprit, "why", c->why);

	*text = root ? json_dumps(root, JSON_COMPACT) : NULL;
	return *text ? 0 : core_nomem(e);
}

static int damaged(const char *field, struct err *e)
{
	return err_set(e, ERR_INVALID, "%s: missing or damaged", field);
}

static int parse_phase(const json_t *root, enum change_phase *phase, struct err *e)
{
	const char *text = json_string_value(json_object_get(root, "phase"));

	for (size_t i = 0; text && i < ARRAY_SIZE(phases); i++) {
		if (!strcmp(text, phases[i])) {
			*phase = (enum change_phase)i;
			return 0;
		}
	}
	return damaged("phase", e);
}

static int parse_text(const json_t *root, const char *field, char *to, size_t size, struct err *e)
{
	const char *text = json_string_value(json_object_get(root, field));

	if (!text || strlen(text) >= size)
		return damaged(field, e);
	strcpy(to, text);
	return 0;
}

static int parse_list(const json_t *root, const char *field, const struct bundle_record **list,
		      struct bundle_record *to, struct err *e)
{
	json_t *item;
	size_t i;

	json_array_foreach (json_object_get(root, field), i, item) {
		if (bundle_record_from_json(item, &to[i], e) < 0)
			return err_wrap(e, "%s[%zu]", field, i);
		list[i] = &to[i];
	}
	return 0;
}

static int parse_root(const json_t *root, struct bundle_change *c, struct err *e)
{
	size_t n_in = json_array_size(json_object_get(root, "in"));
	size_t n_out = json_array_size(json_object_get(root, "out"));

	if (bundle_change_init(c, n_in, n_out, e) < 0)
		return -1;
	c->owned = calloc(n_in + n_out + 1, sizeof(*c->owned));
	if (!c->owned)
		return core_nomem(e);
	if (parse_phase(root, &c->phase, e) < 0 || parse_list(root, "in", c->in, c->owned, e) < 0 ||
	    parse_list(root, "out", c->out, c->owned + n_in, e) < 0 ||
	    parse_text(root, "culprit", c->culprit, sizeof(c->culprit), e) < 0 ||
	    parse_text(root, "why", c->why, sizeof(c->why), e) < 0)
		return -1;
	json_array_extend(c->paused, json_object_get(root, "paused"));
	json_array_extend(c->held, json_object_get(root, "held"));
	json_array_extend(c->local, json_object_get(root, "local"));
	json_object_update(c->restarts, json_object_get(root, "restarts"));
	c->until = json_integer_value(json_object_get(root, "until"));
	return 0;
}

int bundle_change_parse(const char *text, struct bundle_change *c, struct err *e)
{
	_cleanup_(json_end) json_t *root = NULL;
	json_error_t bad;

	memset(c, 0, sizeof(*c));
	root = json_loads(text, JSON_REJECT_DUPLICATES, &bad);
	if (!root)
		return err_set(e, ERR_INVALID, "line %d: %s", bad.line, bad.text);
	if (parse_root(root, c, e) == 0)
		return 0;
	bundle_change_free(c);
	return -1;
}

int bundle_change_write(struct bundle_change *c, enum change_phase phase, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	c->phase = phase;
	if (bundle_change_format(c, &text, e) < 0 ||
	    core_path(path, e, CORE_ROOT, BUNDLE_CHANGE) < 0)
		return -1;
	return file_write_atomic(path, text, strlen(text), 0600, e);
}

int bundle_change_read(struct bundle_change *c, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	memset(c, 0, sizeof(*c));
	if (core_path(path, e, CORE_ROOT, BUNDLE_CHANGE) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	if (file_read(path, JOURNAL_MAX, &text, NULL, e) < 0)
		return -1;
	return bundle_change_parse(text, c, e) < 0 ? err_wrap(e, "%s", path) : 1;
}

int bundle_change_drop(struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, BUNDLE_CHANGE) < 0)
		return -1;
	return unlink(path) < 0 && errno != ENOENT ? err_sys(e, errno, "%s", path) : 0;
}

bool bundle_change_brings(const struct bundle_change *c, const char *name)
{
	for (size_t i = 0; i < c->n_in; i++)
		if (!strcmp(c->in[i]->d->name, name))
			return true;
	return false;
}

static bool is_attached(const char *name, const struct vfs_tardisk *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return true;
	return false;
}

bool bundle_change_switched(const struct bundle_change *c, const struct vfs_tardisk *list, size_t n)
{
	/* One step for all of them: the first one tells of the others. */
	for (size_t i = 0; i < c->n_in; i++)
		if (c->in[i]->n_tardisks)
			return is_attached(c->in[i]->tardisks[0], list, n);
	for (size_t i = 0; i < c->n_out; i++)
		if (c->out[i]->n_tardisks)
			return !is_attached(c->out[i]->tardisks[0], list, n);
	return true; /* only relations come and go */
}
