// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "model.h"

static const struct top_row *find(const struct top_sample *s, uint64_t gid)
{
	for (size_t i = 0; s && i < s->count; i++)
		if (s->rows[i].gid == gid)
			return &s->rows[i];
	return NULL;
}

static double percent(uint64_t before, uint64_t now, int64_t elapsed)
{
	return elapsed > 0 && now > before ? (double)(now - before) * 100 / (double)elapsed : 0;
}

void top_rates(const struct top_sample *before, const struct top_sample *now, struct top_view *v)
{
	static const struct top_row none;
	int64_t elapsed = before ? now->at - before->at : now->uptime * 1000000;

	v->now = now;
	v->count = now->count;
	v->busy = percent(before ? before->busy : 0, now->busy, elapsed) /
		  (now->cpus ? now->cpus : 1);
	for (size_t i = 0; i < now->count; i++) {
		const struct top_row *r = &now->rows[i], *old = find(before, r->gid);

		old = old ? old : &none;
		v->rates[i] = (struct top_rate){
			.row = r,
			.used = percent(old->cpu, r->cpu, elapsed),
			.sys = percent(old->sys, r->sys, elapsed),
			.ready = percent(old->ready, r->ready, elapsed),
			.limited = percent(old->limited, r->limited, elapsed),
			.stalled = percent(old->stalled, r->stalled, elapsed),
		};
	}
}

static int by_name(const void *a, const void *b)
{
	const struct top_rate *x = a, *y = b;

	return strcmp(x->row->name, y->row->name);
}

static int by_cpu(const void *a, const void *b)
{
	const struct top_rate *x = a, *y = b;

	if (x->used != y->used)
		return x->used < y->used ? 1 : -1;
	return by_name(a, b);
}

static int by_memory(const void *a, const void *b)
{
	const struct top_rate *x = a, *y = b;

	if (x->row->memory != y->row->memory)
		return x->row->memory < y->row->memory ? 1 : -1;
	return by_name(a, b);
}

void top_sort(struct top_view *v, enum top_sort by)
{
	qsort(v->rates, v->count, sizeof(v->rates[0]),
	      by == TOP_BY_CPU	    ? by_cpu
	      : by == TOP_BY_MEMORY ? by_memory
				    : by_name);
}
