// SPDX-License-Identifier: Apache-2.0
#include "bites.h"

#include <inttypes.h>
#include <stdio.h>

#include "userworld/lib/cgroup.h"
#include "userworld/lib/human.h"

#define TEXT_BYTES 2048
#define LIMIT_WORDS_MAX 32

/* clang-format off */
static const struct {
	const char *limit;
	const char *format; /* number, limit */
} kinds[BITE_COUNT] = {
	[BITE_HIGH] = { "memory.high", "%" PRIu64 " times above its soft limit of %s, it was slowed down" },
	[BITE_MAX]  = { "memory.max",  "%" PRIu64 " times at its limit of %s of memory" },
	[BITE_KILL] = { "memory.max",  "%" PRIu64 " processes were ended: it needed more than its %s of memory" },
	[BITE_PIDS] = { "pids.max",    "%" PRIu64 " forks were refused: it may have %s processes and threads" },
	[BITE_CPU]  = { "cpu.max",     "cut short in %" PRIu64 " tenths of a second: it may use %s of one CPU" },
};
/* clang-format on */

void bites_read(int group, struct bites *b)
{
	char text[TEXT_BYTES];

	*b = (struct bites){ 0 };
	if (cgroup_read(group, "memory.events", text, sizeof(text), NULL) >= 0) {
		flat_key(text, "high", &b->memory_high);
		flat_key(text, "max", &b->memory_max);
		flat_key(text, "oom_kill", &b->oom_kills);
	}
	if (cgroup_read(group, "pids.events", text, sizeof(text), NULL) >= 0)
		flat_key(text, "max", &b->pids);
	if (cgroup_read(group, "cpu.stat", text, sizeof(text), NULL) >= 0)
		flat_key(text, "nr_throttled", &b->throttled);
}

uint64_t bites_grown(const struct bites *before, const struct bites *now, enum bite kind)
{
	switch (kind) {
	case BITE_HIGH:
		return now->memory_high - before->memory_high;
	case BITE_MAX:
		return now->memory_max - before->memory_max;
	case BITE_KILL:
		return now->oom_kills - before->oom_kills;
	case BITE_PIDS:
		return now->pids - before->pids;
	case BITE_CPU:
		return now->throttled - before->throttled;
	case BITE_COUNT:
		break;
	}
	return 0;
}

/* As the kernel's file has it ("4194304", "30000 100000", "24"), for people. */
static void limit_words(char buf[static LIMIT_WORDS_MAX], enum bite kind, const char *limit)
{
	unsigned long long number, period = 0;
	char size[HUMAN_MAX];
	int n = sscanf(limit, "%llu %llu", &number, &period);

	if (kind == BITE_CPU && n == 2 && period)
		snprintf(buf, LIMIT_WORDS_MAX, "%llu %%", number * 100 / period);
	else if (n >= 1 && kind != BITE_CPU && kind != BITE_PIDS)
		snprintf(buf, LIMIT_WORDS_MAX, "%s", human_size(number, size));
	else
		snprintf(buf, LIMIT_WORDS_MAX, "%s", limit);
}

void bites_describe(char *buf, size_t size, enum bite kind, uint64_t n, const char *pool,
		    const char *world, const char *limit)
{
	int len = snprintf(buf, size, "pool %s (userworld %s): ", pool, world);
	char words[LIMIT_WORDS_MAX];

	if (len < 0 || (size_t)len >= size)
		return;
	limit_words(words, kind, limit);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* they are in the table above */
	snprintf(buf + len, size - (size_t)len, kinds[kind].format, n, words);
#pragma GCC diagnostic pop
}

const char *bites_limit_file(enum bite kind)
{
	return kinds[kind].limit;
}
