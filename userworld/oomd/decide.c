// SPDX-License-Identifier: Apache-2.0
#include "decide.h"

#include <stdlib.h>
#include <string.h>

static int kib_line(const char *text, const char *key, uint64_t *bytes)
{
	const char *p = strstr(text, key);

	if (!p || (p != text && p[-1] != '\n'))
		return -1;
	*bytes = strtoull(p + strlen(key), NULL, 10) * 1024;
	return 0;
}

int memory_parse(const char *text, struct memory *m)
{
	if (kib_line(text, "MemTotal:", &m->total) < 0 ||
	    kib_line(text, "MemAvailable:", &m->available) < 0)
		return -1;
	return 0;
}

uint64_t oom_watermark(const struct memory *m)
{
	uint64_t part = m->total / 100 * WATERMARK_PERCENT;

	return part > WATERMARK_LEAST ? part : WATERMARK_LEAST;
}

enum oom_verdict oom_decide(const struct memory *m, bool settling)
{
	if (m->available >= oom_watermark(m))
		return OOM_ENOUGH;
	return settling ? OOM_SETTLE : OOM_KILL;
}

uint64_t oom_own_room(uint64_t wire, uint64_t used)
{
	return wire > used + OWN_ROOM ? wire : used + OWN_ROOM;
}

uint64_t oom_tripwire(const struct memory *m, uint64_t used)
{
	uint64_t mark = oom_watermark(m);
	uint64_t spare = m->available > mark ? m->available - mark : 0;
	uint64_t step = spare / STEP_PART;

	return used + (step > STEP_LEAST ? step : STEP_LEAST);
}
