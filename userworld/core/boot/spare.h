/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spare: kernel and boot modules of the running image, packed as they are in its bank, kept in
 * memory (docs/banks.md). From it a medium is rebuilt when the old one is gone, and a bank repaired
 * when both have lost the same file. Bundles are not in it: the host has those anyway.
 */
#ifndef VISOR_CORE_BOOT_SPARE_H
#define VISOR_CORE_BOOT_SPARE_H

#include <jansson.h>

#include "source.h"

#define BOOT_SPARE "/run/visoros/spare" /* folder, a ramdisk of its own */

enum boot_spare_setting { SPARE_NEVER, SPARE_AUTO, SPARE_ALWAYS };

#define SPARE_PART 24 /* by SPARE_AUTO: at most this part of all memory */
#define SPARE_LEAVE 8 /* and this part of it must stay available */

/*
 * Is there memory for a spare of so many bytes? ERR_NO_SPACE says how much there should be,
 * ERR_CONFLICT that it is not wanted. Pure.
 */
int boot_spare_admit(enum boot_spare_setting setting, uint64_t bytes, uint64_t total,
		     uint64_t available, struct err *e);

/*
 * The spare as a source of an image, and the number of the bank that it is of. ERR_NOT_FOUND: there
 * is none. boot_source_dir_check() tells whether memory has kept it.
 */
int boot_spare_open(struct boot_source *s, unsigned int *bank, struct err *e);

/* {"kept": true, "build":, "bank":, "size":}, or false with a "reason". */
json_t *boot_spare_status(void);

/* Gives its memory back. */
void boot_spare_drop(void);

#endif
