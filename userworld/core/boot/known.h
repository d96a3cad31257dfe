/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a bank of the medium should have, kept in memory since it was found good: its boot.cfg and
 * the sizes of its files, from which all but the files' bytes follows. Known by the partition's
 * GUID, so that a medium that comes back elsewhere is known again.
 */
#ifndef VISOR_CORE_BOOT_KNOWN_H
#define VISOR_CORE_BOOT_KNOWN_H

#include "userworld/bank/layout.h"

#define BOOT_KNOWN "/run/visoros/boot" /* folder */

struct boot_known {
	struct bootcfg cfg;
	uint32_t sizes[1 + BOOTCFG_MODULES]; /* of the kernel, then of each module */
};

/* ERR_NOT_FOUND: nothing is known of it. */
int boot_known_get(const char *guid, struct boot_known *k, struct err *e);

int boot_known_put(const char *guid, const struct bank_layout *l, struct err *e);

/* Who writes another image to it says so first. */
void boot_known_forget(const char *guid);

/* Is it the same image, whatever its state is? */
bool boot_known_same(const struct bootcfg *a, const struct bootcfg *b);

#endif
