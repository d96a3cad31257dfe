/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A restart without firmware and loader: the kernel loads the next one and its modules into memory
 * (kexec_file_load(2)), and init starts it when all worlds have ended.
 */
#ifndef VISOR_CORE_BOOT_KEXEC_H
#define VISOR_CORE_BOOT_KEXEC_H

#include "err.h"
#include "userworld/bank/bootcfg.h"

#define KEXEC_LINE 2048 /* bytes of the command line that x86 takes, NUL included */

/*
 * The command line that the loader would give, for a bank whose partition has this GUID. Pure.
 * ERR_INVALID if it is longer than line.
 */
int kexec_line(const struct bootcfg *cfg, const char *guid, char line[static KEXEC_LINE],
	       struct err *e);

/*
 * Loads what the loader would start next from the boot medium, and makes the loader's changes of
 * states: an image that waits for its first start is on trial then. ERR_NOT_FOUND: no medium.
 * ERR_CONFLICT: the bank is damaged, or the kernel refuses. ERR_NO_SPACE: too little memory, with
 * the MiB that are missing.
 */
int kexec_load(struct err *e);

/* Forgets what was loaded: the next restart goes through the firmware. */
void kexec_forget(void);

/* The system call; tests have one of their own. Both descriptors -1: forget. */
int kexec_call(int kernel, int initrd, const char *line);

#endif
