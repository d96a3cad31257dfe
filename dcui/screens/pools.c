// SPDX-License-Identifier: Apache-2.0
/* Resource pools: what each may use and uses. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include "human.h"

#include <stdio.h>

static const char *limit(json_int_t bytes, char buf[static HUMAN_MAX])
{
	return bytes < 0 ? "none" : human_size((uint64_t)bytes, buf);
}

/* Its limits have bitten so that something failed. */
static bool suffers(const json_t *row)
{
	return table_number(row, "ended") > 0 || table_number(row, "refused_forks") > 0;
}

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	char used[HUMAN_MAX], max[HUMAN_MAX];

	snprintf(buf, TABLE_ROW, "%-38.38s %7s %7s %6lld %6lld", table_text(row, "group"),
		 human_size((uint64_t)table_number(row, "memory_used"), used),
		 limit(table_number(row, "memory_max"), max), (long long)table_number(row, "pids"),
		 (long long)table_number(row, "ended"));
	return suffers(row) ? STYLE_BAD : STYLE_BODY;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	char min[HUMAN_MAX], high[HUMAN_MAX];

	(void)t;
	page_add(p, STYLE_STRONG, "%s", table_text(row, "group"));
	page_value(p, "Memory kept for it", "%s; slowed down above %s",
		   limit(table_number(row, "memory_min"), min),
		   limit(table_number(row, "memory_high"), high));
	page_value(p, "Limits have bitten", "slowed down %lld times, memory refused %lld times",
		   (long long)table_number(row, "slowed"),
		   (long long)table_number(row, "refused_memory"));
	page_value(p, "", "%lld processes ended, %lld not started",
		   (long long)table_number(row, "ended"),
		   (long long)table_number(row, "refused_forks"));
	page_value(p, "Processor time", "%lld s",
		   (long long)(table_number(row, "cpu_used_us") / 1000000));
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	(void)row;
	if (key_is(key, 'm') || key_is(key, 'M'))
		return open_shortages(m);
	return ACTION_IGNORED;
}

static const struct table_spec spec = {
	.title = "Memory and Pools",
	.footer = "<Up/Down> Select  <M> Shortages  <R> Read Again  <Esc> Back",
	.heading = "Pool                                      Used     Max   PIDs  Ended",
	.empty = "The kernel has told no pools.",
	.op = "sched.group.list",
	.row = row,
	.details = details,
	.detail_rows = 6,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->pools, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->pools, key, m);
}

enum action open_pools(struct model *m)
{
	return table_open(m, SCREEN_POOLS, &spec, &m->pools);
}

const struct screen screen_pools = {
	.help = "Every userworld lives in a pool that limits its memory, processes and processor "
		"time. A pool in colour has had a process ended, or not started, because of its "
		"limits.\n\n<M>    when memory was short, and what was done about it\n"
		"<R>    read again\n<Esc>  back",
	.render = render,
	.handle = handle_key,
};
