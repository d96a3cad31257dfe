/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured. Each row does one thing to all files of a list, or to one big file. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/bench/span.h"

struct files {
	char **names;  /* relative to the current directory */
	char **misses; /* the same names with a letter more: none of them exists */
	size_t count;
	const char *big;	/* the file for rows that want one, may be NULL */
	size_t worker, workers; /* the files are those of i % workers == worker */
};

struct row {
	const char *name;
	/* Returns how many items it went through; ends the program if something fails. */
	uint64_t (*run)(const struct files *files);
};

/* The row of that name; ends the program if there is none. */
const struct row *row_find(const char *name);

/* Touches the memory that rows use, so that none of them pays for that. */
void rows_prepare(void);

#endif
