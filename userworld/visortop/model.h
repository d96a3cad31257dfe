/* SPDX-License-Identifier: Apache-2.0 */
/* What visortop shows: samples of counters, and rates between two of them. Pure. */
#ifndef VISORTOP_MODEL_H
#define VISORTOP_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOP_ROWS 128
#define TOP_WIDTH 160 /* bytes of a line, NUL included */
#define TOP_LINES (TOP_ROWS + 8)

/* A userworld's pool, or the kernel (gid 0). Times are microseconds since it was made. */
struct top_row {
	uint64_t gid; /* the same while the pool exists */
	char name[32];
	unsigned int worlds;		     /* threads */
	uint64_t cpu, sys;		     /* time on a CPU; of it in the kernel */
	uint64_t ready;			     /* somebody was ready and had no CPU */
	uint64_t limited;		     /* held back by the pool's CPU limit */
	uint64_t stalled;		     /* somebody waited for memory */
	uint64_t memory, anon, file, kernel; /* bytes */
	uint64_t min, max;		     /* bytes; UINT64_MAX: no limit */
	unsigned int shares;
};

struct top_sample {
	int64_t at;	/* microseconds of a clock that only goes on */
	int64_t wall;	/* seconds since 1970 */
	int64_t uptime; /* seconds */
	unsigned int cpus;
	uint64_t busy;			    /* of all CPUs, microseconds since boot */
	uint64_t memory_total, memory_free; /* bytes */
	double load[3];
	size_t count;
	struct top_row rows[TOP_ROWS];
};

/* Percent of one CPU (used, sys, ready, limited) or of time (stalled). */
struct top_rate {
	const struct top_row *row;
	double used, sys, ready, limited, stalled;
};

struct top_view {
	const struct top_sample *now;
	double busy; /* percent of all CPUs together */
	size_t count;
	struct top_rate rates[TOP_ROWS];
};

/* before may be NULL: rates since boot then. Rows new since then count from their start. */
void top_rates(const struct top_sample *before, const struct top_sample *now, struct top_view *v);

enum top_sort { TOP_BY_CPU, TOP_BY_MEMORY, TOP_BY_NAME };
void top_sort(struct top_view *v, enum top_sort by);

enum top_page { TOP_PAGE_CPU, TOP_PAGE_MEMORY };

/* The screen as lines without line ends; returns how many, at most max. */
size_t top_render(const struct top_view *v, enum top_page page, const char *note,
		  char lines[][TOP_WIDTH], size_t max);

/*
 * Batch mode: one line with titles, then one per sample, in the form of esxtop -b.
 * Columns are those of the first sample. Allocated; NULL for lack of memory.
 */
char *top_csv_titles(const struct top_view *v, const char *host);
char *top_csv_line(const struct top_view *first, const struct top_view *v);

#endif
