/* SPDX-License-Identifier: Apache-2.0 */
/* An answer file: where it comes from, and what it makes of a new medium. */
#ifndef VISOR_CORE_BOOT_ANSWERS_H
#define VISOR_CORE_BOOT_ANSWERS_H

#include "err.h"
#include "userworld/core/bundle/install.h"
#include "userworld/install/answers.h"
#include "userworld/medium/blkio.h"
#include "userworld/state/snapshot.h"

#define BOOT_ANSWERS_FILE "answers.cfg" /* in the root folder of "label:NAME" */

/*
 * where: http://..., https://..., label:NAME (a FAT file system of that name), or an absolute path.
 * ERR_UNAVAILABLE if it is not there and may come yet: no network, no such label.
 * install_answers_free() is harmless also after a failure.
 */
int boot_answers_read(struct install_answers *a, const char *where, struct err *e);

/* The bundles that are to come along, and their number; they refer to the answers. */
size_t boot_answers_bundles(const struct install_answers *a,
			    struct bundle_wanted list[static INSTALL_LIST]);

/*
 * The state files that host name, password, keys, network, time servers and log hosts make of those
 * that this host has now. s was empty, and is the caller's.
 */
int boot_answers_files(const struct install_answers *a, struct state_snapshot *s, struct err *e);

/*
 * Writes what is said of host name, password, keys and network as the first generation of state to
 * a new partition. Nothing said: nothing is written.
 */
int boot_answers_state(const struct install_answers *a, const char *build, struct blkio *part,
		       struct err *e);

#endif
