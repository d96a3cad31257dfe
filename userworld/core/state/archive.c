// SPDX-License-Identifier: Apache-2.0
/* The state of the host as an archive on it. */
#include <stdlib.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "state.h"
#include "userworld/state/snapshot.h"

static int pack(struct state_snapshot *s, uint8_t **data, size_t *len, struct err *e)
{
	uint64_t generation;

	if (state_snapshot_take(s, core_prefix(CORE_ROOT), &generation, e) < 0)
		return -1;
	return state_snapshot_pack(s, STATE_GZIP, data, len, e);
}

int state_backup(const char *path, struct err *e)
{
	struct state_snapshot s = { 0 };
	_cleanup_free_ uint8_t *data = NULL;
	size_t len;
	int rc = pack(&s, &data, &len, e);
	int count = (int)s.count;

	state_snapshot_free(&s);
	if (rc < 0)
		return -1;
	return file_write_atomic(path, data, len, 0600, e) < 0 ? -1 : count;
}

/* What the host has itself is only known where it runs visorfs: elsewhere all of them count. */
static void note_changed(const struct state_snapshot *now, const struct state_file *f,
			 json_t *changed)
{
	const struct state_file *was = state_snapshot_find(now, f->path);

	if (!was || !state_file_same(was, f))
		json_array_append_new(changed, json_string(f->path));
}

static int apply(const struct state_snapshot *s, json_t *changed, struct err *e)
{
	struct state_snapshot now = { 0 };
	uint64_t generation;
	int rc = 0;

	if (state_snapshot_take(&now, core_prefix(CORE_ROOT), &generation, NULL) < 0)
		state_snapshot_free(&now);
	for (size_t i = 0; i < s->count && rc == 0; i++) {
		rc = state_file_apply(&s->list[i], core_prefix(CORE_ROOT), e);
		if (rc == 0)
			note_changed(&now, &s->list[i], changed);
	}
	state_snapshot_free(&now);
	return rc < 0 ? -1 : (int)s->count;
}

int state_restore(const char *path, json_t *changed, struct err *e)
{
	struct state_snapshot s = { 0 };
	_cleanup_free_ char *data = NULL;
	size_t len;
	int rc;

	if (file_read(path, STATE_TOTAL_MAX, &data, &len, e) < 0 ||
	    state_snapshot_unpack(&s, path, data, len, e) < 0)
		return -1;
	rc = apply(&s, changed, e);
	state_snapshot_free(&s);
	return rc;
}
