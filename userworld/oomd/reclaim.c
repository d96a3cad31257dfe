// SPDX-License-Identifier: Apache-2.0
#include "reclaim.h"

#include "kill.h"
#include "userworld/lib/cgroup.h"

#define STEP (UINT64_C(2) << 20) /* bytes at a time; the clock is looked at between */

uint64_t reclaim_pages(int top, uint64_t want)
{
	int64_t end = oom_now() + RECLAIM_MS;
	uint64_t got = 0;

	if (top < 0)
		return 0;
	while (got < want && oom_now() < end) {
		uint64_t step = want - got < STEP ? want - got : STEP;

		/* Less than asked for is EAGAIN: that was all. */
		if (cgroup_write_u64(top, "memory.reclaim", step, NULL) < 0)
			break;
		got += step;
	}
	return got;
}
