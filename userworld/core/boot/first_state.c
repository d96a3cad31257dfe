// SPDX-License-Identifier: Apache-2.0
#include "first_state.h"

#include <stdio.h>
#include <time.h>

#include "cleanup.h"
#include "userworld/core/internal.h"
#include "userworld/state/store.h"

int boot_first_state(const struct state_snapshot *s, const char *build, const char *why,
		     struct blkio *part, struct err *e)
{
	struct state_header h = { .time = (int64_t)time(NULL), .format = STATE_FORMAT };
	_cleanup_free_ uint8_t *payload = NULL, *again = NULL;
	struct state_store store = { 0 };
	size_t len;
	int rc;

	snprintf(h.build, sizeof(h.build), "%.*s", STATE_BUILD_MAX, build);
	snprintf(h.who, sizeof(h.who), "%.*s", STATE_WHO_MAX, core_actor());
	snprintf(h.why, sizeof(h.why), "%s", why);
	if (state_snapshot_pack(s, STATE_ZSTD, &payload, &len, e) < 0)
		return -1;
	rc = state_store_make(&store, part, NULL, e);
	if (rc == 0)
		rc = state_store_append(&store, NULL, &h, payload, (uint32_t)len, e);
	/* Its digest is that of what the disk has. */
	if (rc == 0)
		rc = state_store_read(&store, h.number, &h, &again, e);
	state_store_close(&store);
	return rc;
}
