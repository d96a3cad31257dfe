/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What the guard in the kernel (guard.bpf.c) and its loader tell each other. */
#ifndef EXECGUARD_GUARD_H
#define EXECGUARD_GUARD_H

#include <linux/types.h>

/* Set before the guard is loaded, never changed. Devices as the kernel numbers them. */
struct guard_params {
	__u64 supervisor; /* inode number of the program that may make exceptions */
	__u32 root;	  /* device of the root file system */
	__u32 pins;	  /* device of the bpffs that keeps the guard */
};

/* What was refused; execguard.c has a text for each. */
enum guard_what { GUARD_EXEC, GUARD_FILE, GUARD_MEMORY, GUARD_LATER, GUARD_IMPLIED };

/* A line of the ring buffer "refusals". */
struct guard_refusal {
	__u64 count; /* refusals so far, this one included */
	__u32 pid;
	__u32 what; /* enum guard_what */
	char comm[16];
};

#endif
