/* SPDX-License-Identifier: Apache-2.0 */
/* The largest of many files, of which only that many are kept in memory. */
#ifndef CORE_VISORFS_BIGGEST_H
#define CORE_VISORFS_BIGGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define BIGGEST_MAX 200

struct biggest {
	size_t limit, count; /* limit: 1 .. BIGGEST_MAX, set by the caller */
	struct big_file {
		char *path;
		uint64_t bytes;
		time_t modified;
		uid_t uid;
	} file[BIGGEST_MAX]; /* largest first, of the same size by path */
};

/* Takes a file if it is among them; its path is copied. False: no memory. */
bool biggest_add(struct biggest *b, const struct big_file *file);

void biggest_free(struct biggest *b);

#endif
