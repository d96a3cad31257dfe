/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps everything but unchanged files of tardisks from being executed (docs/exec.md). */
#ifndef EXECGUARD_H
#define EXECGUARD_H

#include <stdbool.h>

#include "userworld/lib/err.h"

#define GUARD_FS "/sys/fs/bpf" /* a bpffs of our own */
#define GUARD_PINS GUARD_FS "/execguard"
#define GUARD_REFUSALS GUARD_PINS "/refusals"
#define GUARD_JIT GUARD_PINS "/jit"
#define GUARD_SWITCH "/sys/fs/visorfs/%u/exec_installed_only"
#define GUARD_SUPERVISOR "/usr/sbin/supervisor"

/* load.c: puts the guard into the kernel, for as long as that runs. ERR_CONFLICT: it is there. */
int guard_load(struct err *e);

/* tell.c: logs what the guard refuses; returns only on failure. */
int guard_tell(struct err *e);

#endif
