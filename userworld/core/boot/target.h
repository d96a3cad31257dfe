/* SPDX-License-Identifier: Apache-2.0 */
/* The disk that an image is installed to: may it be overwritten? */
#ifndef VISOR_CORE_BOOT_TARGET_H
#define VISOR_CORE_BOOT_TARGET_H

#include "err.h"
#include "userworld/medium/blkio.h"
#include "userworld/medium/medium.h"

struct boot_target {
	int claim; /* while it is open nobody mounts the disk or a partition of it */
	struct blkio *io;
};

/* clang-format off */
#define BOOT_TARGET_INIT { -1, NULL }
/* clang-format on */

/*
 * device is a path below /dev, running the medium of the host or NULL. ERR_NOT_FOUND, ERR_INVALID
 * (no whole disk) or ERR_CONFLICT (running, with the host's state, in use, write-protected) say why
 * not.
 */
int boot_target_open(struct boot_target *t, const char *device, const struct medium *running,
		     struct err *e);

/* The kernel reads the new table. */
void boot_target_reread(const struct boot_target *t);

void boot_target_close(struct boot_target *t);

#endif
