/* SPDX-License-Identifier: Apache-2.0 */
/* Userworlds that generate code, on a host that executes files of tardisks only. */
#ifndef SUPERVISOR_JIT_H
#define SUPERVISOR_JIT_H

#include "config.h"

/*
 * Tells the guard in the kernel that the world's program may generate code.
 * dir is where the world's config file is: it and the program have to be what
 * a tardisk brought. Nothing to do, and 0, if there is no guard.
 */
int jit_allow(const char *dir, const struct world_conf *c, struct err *e);

#endif
