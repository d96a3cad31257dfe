/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured. Each row does one thing to all files of a list, or to one big file. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stddef.h>
#include <stdint.h>

struct files {
	char **names;  /* relative to the current directory */
	char **misses; /* the same names with a letter more: none of them exists */
	size_t count;
	const char *big; /* the file for rows that want one, may be NULL */
};

struct row {
	const char *name;
	/* Returns how many items it went through; ends the program if something fails. */
	uint64_t (*run)(const struct files *files);
};

extern const struct row rows[]; /* ends with a NULL name */

/* Touches the memory that rows use, so that none of them pays for that. */
void rows_prepare(void);

/* Says what failed and ends the program. */
_Noreturn void fail(const char *what);

#endif
