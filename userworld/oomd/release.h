/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes back the memory of processes that were sent SIGKILL. They would give it back
 * themselves, once they get the processor; where many want it that takes a while.
 */
#ifndef OOMD_RELEASE_H
#define OOMD_RELEASE_H

#include <stddef.h>
#include <sys/types.h>

/* Returns of how many the memory is back; those that have ended by themselves do not count. */
size_t release_memory(const pid_t *pids, size_t n);

#endif
