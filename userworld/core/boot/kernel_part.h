/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's own idea of a partition, while the disk is in use: it reads no table by itself. */
#ifndef VISOR_CORE_BOOT_KERNEL_PART_H
#define VISOR_CORE_BOOT_KERNEL_PART_H

#include <stdint.h>

#include "err.h"

/* disk: a path. One that it does not know is forgotten already. ERR_CONFLICT: somebody has it open.
 */
int kernel_part_forget(const char *disk, unsigned int number, struct err *e);

/* first and size in bytes. */
int kernel_part_add(const char *disk, unsigned int number, uint64_t first, uint64_t size,
		    struct err *e);

#endif
