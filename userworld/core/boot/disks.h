/* SPDX-License-Identifier: Apache-2.0 */
/* The disks of the host, and what is on them: for whoever decides which one is overwritten. */
#ifndef VISOR_CORE_BOOT_DISKS_H
#define VISOR_CORE_BOOT_DISKS_H

#include "err.h"
#include "userworld/install/answers.h"
#include "userworld/medium/medium.h"

/*
 * All disks, by name; no CDs, nor card readers without a card. *disks is the caller's. running:
 * the medium of the host, or NULL.
 */
int boot_disks(struct install_disk **disks, size_t *n, const struct medium *running, struct err *e);

/*
 * Is the disk that has the name /dev/NAME the one of that serial number ("": it has none)?
 * ERR_CONFLICT if not: names change when disks come and go.
 */
int boot_disk_check_serial(const char *device, const char *serial, struct err *e);

struct disk_content {
	enum install_overwrite what; /* what one must be willing to overwrite */
	char text[128];		     /* "nothing", "VisorOS", "ext4", "gpt with 3 partitions" */
};

/* device: "/dev/NAME". What nobody knows is not nothing. */
int boot_disk_content(const char *device, struct disk_content *content, struct err *e);

#endif
