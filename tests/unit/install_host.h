/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host in the folder of tree.h whose disks are files: vda runs; vdb, of the serial number VB-1,
 * is empty, vdc too small, vdd write-protected, vde has the state. The skeleton is of zeros and a
 * word.
 */
#ifndef TESTS_UNIT_INSTALL_HOST_H
#define TESTS_UNIT_INSTALL_HOST_H

#include <stdbool.h>

#include "userworld/medium/blkio.h"
#include "userworld/state/snapshot.h"

#define STATE_AT (3ull << 20) /* of a disk that was installed to, behind 2 partitions of 1 MiB */
#define STATE_SIZE (2ull << 20)
#define BANK_AT (5ull << 20)

/* A cmocka group fixture, with that of tree.h in it. */
int install_host_setup(void **state);

/* A command that must succeed: $T is the tree, $SIZE a bank's bytes. */
void install_host_run(const char *command);

/* A disk, to be closed. */
struct blkio *install_host_open(const char *path);

/* The bank that runs has sample 3, in that state. */
void install_host_running(int bank_state);

/* vdb has nothing on it. */
void install_host_empty(void);

/* Has the disk nothing but zeros? */
bool install_host_untouched(const char *path);

/* The state that stated will find on vdb: its first and only generation. The caller frees it. */
void install_host_state(struct state_snapshot *s);

/* Is the word in the bundles' file of a bank? */
bool install_host_has(struct blkio *io, const char *word);

#endif
