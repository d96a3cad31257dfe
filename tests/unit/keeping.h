/* SPDX-License-Identifier: Apache-2.0 */
/* A host in the folder of tree.h that has a boot medium and keeps bundles on it. */
#ifndef TESTS_UNIT_KEEPING_H
#define TESTS_UNIT_KEEPING_H

#include "tests/unit/boot_medium.h"
#include "userworld/bank/bank.h"

#define KEEPING_RUNNING 0 /* bank */
#define KEEPING_OTHER 1

/* cmocka group fixture; that of tree.h removes it. */
int keeping_setup(void **state);

/* It runs an image without bundles, in that state; the other bank is empty. */
void keeping_start(int state);

/* One more bundle, with that payload. */
void keeping_install(const char *name, int order, const char *data);

/* A shell command in the folder. */
void keeping_run(const char *command);

/* Keeps what there is, which must succeed. */
void keeping_write(void);

/* What is in a bank; if there is something every file is good. */
void keeping_look(unsigned int bank, struct bank *b);

#endif
