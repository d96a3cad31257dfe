// SPDX-License-Identifier: Apache-2.0
/* As esxtop -b prints it: "\\host\object(instance)\counter" for each column. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model.h"

#define MIB 1048576.0

static const char *const counters[] = {
	"Group Cpu(%" PRIu64 ":%s)\\%% Used",
	"Group Cpu(%" PRIu64 ":%s)\\%% System",
	"Group Cpu(%" PRIu64 ":%s)\\%% Ready",
	"Group Cpu(%" PRIu64 ":%s)\\%% Max Limited",
	"Group Memory(%" PRIu64 ":%s)\\Memory Size MBytes",
	"Group Memory(%" PRIu64 ":%s)\\%% Stalled",
};
#define COUNTERS (sizeof(counters) / sizeof(counters[0]))

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* they are in the table above */
static void title(FILE *f, const char *host, const struct top_row *r, size_t counter)
{
	fprintf(f, ",\"\\\\%s\\", host);
	fprintf(f, counters[counter], r->gid, r->name);
	fputc('"', f);
}
#pragma GCC diagnostic pop

static char *finish(FILE *f, char **text)
{
	fputc('\n', f);
	if (fclose(f) == 0)
		return *text;
	free(*text);
	return NULL;
}

char *top_csv_titles(const struct top_view *v, const char *host)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	fprintf(f,
		"\"(PDH-CSV 4.0) (UTC)(0)\",\"\\\\%s\\Physical Cpu(_Total)\\%% Processor Time\","
		"\"\\\\%s\\Memory\\Machine MBytes\",\"\\\\%s\\Memory\\Free MBytes\"",
		host, host, host);
	for (size_t i = 0; i < v->count; i++)
		for (size_t c = 0; c < COUNTERS; c++)
			title(f, host, v->rates[i].row, c);
	return finish(f, &text);
}

static const struct top_rate *find(const struct top_view *v, uint64_t gid)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->rates[i].row->gid == gid)
			return &v->rates[i];
	return NULL;
}

/* A pool that is gone leaves its columns empty. */
static void values(FILE *f, const struct top_rate *r)
{
	if (!r) {
		for (size_t c = 0; c < COUNTERS; c++)
			fputs(",\"\"", f);
		return;
	}
	fprintf(f, ",\"%.2f\",\"%.2f\",\"%.2f\",\"%.2f\",\"%.2f\",\"%.2f\"", r->used, r->sys,
		r->ready, r->limited, (double)r->row->memory / MIB, r->stalled);
}

char *top_csv_line(const struct top_view *first, const struct top_view *v)
{
	time_t wall = (time_t)v->now->wall;
	char *text = NULL, when[32] = "";
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct tm tm;

	if (!f)
		return NULL;
	if (gmtime_r(&wall, &tm))
		strftime(when, sizeof(when), "%m/%d/%Y %H:%M:%S", &tm);
	fprintf(f, "\"%s\",\"%.2f\",\"%.0f\",\"%.0f\"", when, v->busy,
		(double)v->now->memory_total / MIB, (double)v->now->memory_free / MIB);
	for (size_t i = 0; i < first->count; i++)
		values(f, find(v, first->rates[i].row->gid));
	return finish(f, &text);
}
