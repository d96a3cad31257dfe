/* SPDX-License-Identifier: Apache-2.0 */
/* A boot medium in the folder of tree.h: sysfs and devices, as the kernel would show them. */
#ifndef TESTS_UNIT_BOOT_MEDIUM_H
#define TESTS_UNIT_BOOT_MEDIUM_H

#include "tests/unit/bank_sample.h"

/* Of the banks' partitions, but for its end: "aaaa" of bank 0, "bbbb" of bank 1. */
#define BOOT_MEDIUM_GUID "11111111-2222-4333-8444-55555555"

/* A disk with two banks, which are empty. */
void boot_medium_make(void);

/* The device of a bank, writable; the caller closes it. */
struct blkio *boot_medium_open(unsigned int bank);

/* Makes it empty again. */
void boot_medium_clear(unsigned int bank);

/* A sample image into a bank, in that state. */
void boot_medium_put(unsigned int bank, unsigned int number, int state);

#endif
