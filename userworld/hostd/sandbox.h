/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the network process gives up before it hears the first byte from the network: root, its
 * view of files, and all system calls but those that move bytes between descriptors it has.
 */
#ifndef HOSTD_SANDBOX_H
#define HOSTD_SANDBOX_H

#include "err.h"

#define SANDBOX_USER "hostd"
#define SANDBOX_FILES 4096 /* descriptors at most */

/*
 * For ever. empty is a folder with nothing in it, which becomes the root folder. Without root
 * (tests of a developer) only system calls are given up.
 */
int sandbox_enter(const char *empty, struct err *e);

#endif
