/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_SWITCH_H
#define BENCH_SWITCH_H

#include <stdbool.h>

#include "tests/bench/rows.h"

/*
 * Attaches and detaches the tardisks a and b in turn, each time one for the other in one
 * request, to the visorfs that dir is in. Prints how long each request took.
 *
 * With watch, another process looks the files up all the while, and what it had to wait for
 * one of them at most is printed as "stall" for each switch, and as "calm" for as much time
 * without one. It wants a processor of its own. Returns the exit status.
 */
int switch_measure(const char *dir, const struct files *files, const char *a, const char *b,
		   unsigned int rounds, bool watch);

#endif
