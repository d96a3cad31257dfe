// SPDX-License-Identifier: Apache-2.0
#include "reclaim.h"

#include "kill.h"
#include "userworld/lib/cgroup.h"

#define LEAST (UINT64_C(1) << 20) /* bytes; for less it is not worth the time */
#define STEP (UINT64_C(2) << 20)  /* bytes at a time; the clock is looked at between */

/* Pages of files that are on the kernel's lists for taking back; those of ramdisks are not. */
static uint64_t evictable(int top)
{
	char text[8192];
	uint64_t active = 0, inactive = 0;

	if (cgroup_read(top, "memory.stat", text, sizeof(text), NULL) < 0)
		return 0;
	flat_key(text, "active_file", &active);
	flat_key(text, "inactive_file", &inactive);
	return active + inactive;
}

uint64_t reclaim_pages(int top, uint64_t want)
{
	int64_t end = oom_now() + RECLAIM_MS;
	uint64_t got = 0, most = top < 0 ? 0 : evictable(top);

	if (most < LEAST)
		return 0;
	want = want < most ? want : most;
	while (got < want && oom_now() < end) {
		uint64_t step = want - got < STEP ? want - got : STEP;

		/* Less than asked for is EAGAIN: that was all. */
		if (cgroup_write_u64(top, "memory.reclaim", step, NULL) < 0)
			break;
		got += step;
	}
	return got;
}
