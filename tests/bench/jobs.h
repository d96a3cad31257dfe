/* SPDX-License-Identifier: Apache-2.0 */
/* One row, by several processes at the same time. */
#ifndef BENCH_JOBS_H
#define BENCH_JOBS_H

#include <stddef.h>

#include "tests/bench/rows.h"

/*
 * Runs a row in workers processes that share its files out among them and start together.
 * Stores the nanoseconds until the last one has finished; returns the items of all.
 */
uint64_t jobs_run(const struct row *row, const struct files *files, size_t workers, uint64_t *ns);

#endif
