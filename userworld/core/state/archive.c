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

static int apply(const struct state_snapshot *s, struct err *e)
{
	for (size_t i = 0; i < s->count; i++)
		if (state_file_apply(&s->list[i], core_prefix(CORE_ROOT), e) < 0)
			return -1;
	return (int)s->count;
}

int state_restore(const char *path, struct err *e)
{
	struct state_snapshot s = { 0 };
	_cleanup_free_ char *data = NULL;
	size_t len;
	int rc;

	if (file_read(path, STATE_TOTAL_MAX, &data, &len, e) < 0 ||
	    state_snapshot_unpack(&s, path, data, len, e) < 0)
		return -1;
	rc = apply(&s, e);
	state_snapshot_free(&s);
	return rc;
}
