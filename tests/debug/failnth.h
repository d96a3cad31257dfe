/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What failnth's loop and its table of operations share. The file system
 * under test is mounted at MNT, freshly for each try, with the tardisk ONE:
 * etc/a, etc/b (two names), etc/state (sticky), etc/link, big, dir/x.
 */
#ifndef FAILNTH_H
#define FAILNTH_H

#include <stddef.h>

#define MNT "/v"
#define ONE "/tardisks/one.v00"
#define TWO "/tardisks/two.v00"
#define BIG_SIZE (300 * 1024 + 100)

/* What a failed operation may leave behind. */
#define GROWS 0x1   /* its file is a branch by now: an inode, and pages put aside */
#define PARTIAL 0x2 /* the first part of its data */
/* How it starts. */
#define UNCACHED 0x4  /* dentries and inodes were dropped */
#define UNMOUNTED 0x8 /* it mounts by itself */

struct op {
	const char *name;
	int (*prepare)(void); /* may be NULL; 0 or -errno */
	int (*run)(void);     /* with one failing allocation; 0 or -errno */
	int (*check)(void);   /* may be NULL; after success: 0 or -errno */
	unsigned int flags;
};

extern const struct op ops[];
extern const size_t op_count;

/* All of these give 0 or -errno. */

/* The result of a system call. */
int sys(long ret);

/* Mounts MNT with ONE attached. */
int mount_it(void);

/* Attaches one tardisk and detaches another as one switch; either may be NULL. */
int do_switch(const char *attach, const char *detach, unsigned int flags);

/* RAMDISK_ADD on dir or RAMDISK_RESIZE of the ramdisk "rd", to max bytes; and its removal. */
int ramdisk(unsigned long cmd, const char *dir, unsigned long long max);
int drop_ramdisk(void);

#endif
