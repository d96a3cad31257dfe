/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes as vdf and vdu print them. */
#ifndef VISOR_HUMAN_H
#define VISOR_HUMAN_H

#include <stdint.h>

#define HUMAN_MAX 16 /* bytes any of these needs, NUL included */

/*
 * Whole units of 1024, rounded down: 0B, 60K, 31M. The unit is K from 1 KiB, M
 * from 1 MiB, and G only from 10 GiB, as ESXi prints "1803M". Returns buf.
 */
const char *human_size(uint64_t bytes, char buf[static HUMAN_MAX]);

/* used as a percentage of total, rounded down, 100 only if nothing is left; 0 of 0 is 0. */
unsigned int human_percent(uint64_t used, uint64_t total);

#endif
