/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * visorfs: the interface between the file system and user space, version 1.
 *
 * All requests are ioctls on a file descriptor of any directory or regular
 * file of the mounted visorfs (usually the root directory), and need
 * CAP_SYS_ADMIN unless stated otherwise. Structures hold no pointers of
 * varying size: pointers travel as __u64. Every structure begins with its
 * own size, or is an element of an array whose request says the size of its
 * elements; a kernel that knows a shorter one refuses with E2BIG if the excess
 * is not zero, so old and new sides can meet.
 *
 * Names end within their fields (EINVAL), paths too (ENAMETOOLONG). Flags that
 * are not here give EINVAL.
 *
 * A refused request changes nothing. Where a request carries a message
 * buffer, the kernel leaves one line there that names the file and the
 * offset or field at fault; the same line goes to the kernel log.
 *
 * State is readable without ioctls below /sys/fs/visorfs/ (docs/visorfs.md).
 */
#ifndef _UAPI_VISORFS_H
#define _UAPI_VISORFS_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VISORFS_MAGIC 0x56495346 /* "VISF": f_type of statfs(2) */
#define VISORFS_API_VERSION 1

#define VISORFS_NAME_MAX 63  /* bytes in a tardisk's or ramdisk's name */
#define VISORFS_MSG_MAX 256  /* bytes of a message, NUL included */
#define VISORFS_PATH_MAX 4096 /* bytes of a path, NUL included */
#define VISORFS_HASH_SIZE 32 /* bytes of a SHA-256 */
#define VISORFS_SWITCH_MAX 1024 /* tardisks that one request may attach or detach */

/* One tardisk to attach. */
struct visorfs_attach {
	__s32 fd; /* in: open for reading, a regular file, from offset 0 */
	__u32 flags; /* in: VISORFS_ATTACH_* */
	char name[VISORFS_NAME_MAX + 1]; /* in: unique, no '/' or control character, no '.' first */
	__u8 root_hash[VISORFS_HASH_SIZE]; /* in: with VISORFS_ATTACH_ROOT_HASH, else 0 */
};

#define VISORFS_ATTACH_SIZE_1 72 /* bytes of its first form, without root_hash */

/* Compare each of its frames with the tardisk's digests before it is unpacked. */
#define VISORFS_ATTACH_VERIFY 0x1
/* The same, and the tardisk must have this root hash. */
#define VISORFS_ATTACH_ROOT_HASH 0x2
/*
 * Keep it compressed: pages of its files are made when they are wanted, and
 * given back when memory is short. A damaged frame is found when it is used,
 * unless VISORFS_ATTACH_VERIFY looks for it beforehand.
 */
#define VISORFS_ATTACH_COMPRESSED 0x4

/* One tardisk to detach. */
struct visorfs_detach {
	__u32 flags; /* in: VISORFS_DETACH_* */
	__u32 pad; /* in: 0 */
	char name[VISORFS_NAME_MAX + 1];
};

#define VISORFS_DETACH_SIZE_1 72

/*
 * Files of the tardisk that were changed since (branches) go with it. Without
 * the flag they stay, as files of the ramdisk that holds them.
 */
#define VISORFS_DETACH_DISCARD 0x1
/* Detach although files of the tardisk are open or mapped; these go on working. */
#define VISORFS_DETACH_FORCE 0x2

/*
 * Attaches and detaches any number of tardisks as one switch of the namespace:
 * nobody sees a state in between. Later entries of attach shadow earlier ones.
 *
 * Errors: EBADMSG (a tardisk is damaged, of another version, or not the one
 * with the root hash asked for; see message),
 * EEXIST (name in use), ENOENT (no such tardisk), EBUSY (in use, without
 * force; message names the holders), ENOMEM (host has too little memory,
 * checked before anything changes), ENOSPC (a branch that is to stay does not
 * fit its ramdisk), EXDEV (a directory would hide a file of another tardisk or
 * a file a directory).
 */
struct visorfs_switch {
	__u32 size; /* in: sizeof(struct visorfs_switch) */
	__u32 flags; /* in: 0 */
	__u32 attach_count;
	__u32 detach_count;
	__u64 attach; /* in: struct visorfs_attach[] */
	__u64 detach; /* in: struct visorfs_detach[] */
	char message[VISORFS_MSG_MAX]; /* out */
	__u32 attach_size; /* in: sizeof(struct visorfs_attach); 0: VISORFS_ATTACH_SIZE_1 */
	__u32 detach_size; /* in: sizeof(struct visorfs_detach); 0: VISORFS_DETACH_SIZE_1 */
};

/*
 * Makes the existing directory that the ioctl's file descriptor refers to the
 * top of a ramdisk. What was there stays charged to its old ramdisk; what is
 * written from now on is charged to this one. Directories below belong to it
 * as well, except those below a deeper ramdisk.
 *
 * Errors: ENOTDIR, EEXIST (name or directory has a ramdisk), EINVAL, ENOMEM
 * (the host cannot spare the reservation; see message).
 */
struct visorfs_ramdisk_args {
	__u32 size; /* in: sizeof(struct visorfs_ramdisk_args) */
	__u32 flags; /* in: 0 */
	__u64 max_bytes; /* in: hard cap, rounded down to pages, at least one page */
	__u64 min_bytes; /* in: reservation, at most max_bytes */
	__u64 max_inodes; /* in: hard cap of files, directories and links, at least 1 */
	char name[VISORFS_NAME_MAX + 1]; /* in: unique */
	char message[VISORFS_MSG_MAX]; /* out */
};

/*
 * Names a ramdisk for RAMDISK_REMOVE (EBUSY while it holds anything; ENOENT;
 * EPERM for the root's). What was the ramdisk's belongs to the one above.
 */
struct visorfs_ramdisk_name {
	__u32 size; /* in: sizeof(struct visorfs_ramdisk_name) */
	__u32 flags; /* in: 0 */
	char name[VISORFS_NAME_MAX + 1];
};

/*
 * Who gives a file: answers for the file or directory of the descriptor,
 * without privilege. A descriptor opened with O_PATH is not enough.
 */
#define VISORFS_FILE_BRANCHED 0x1 /* came from a tardisk, was changed since */
#define VISORFS_FILE_STATE 0x2	  /* a sticky regular file: kept as state */
struct visorfs_provider {
	__u32 size;
	__u32 flags; /* out: VISORFS_FILE_* */
	__u64 charged; /* out: bytes charged to the ramdisk for this file */
	char tardisk[VISORFS_NAME_MAX + 1]; /* out: newest tardisk that has it, or "" */
	char ramdisk[VISORFS_NAME_MAX + 1]; /* out: ramdisk charged for it, or "" */
};

/*
 * Enumerates the changed state files: sticky regular files that were written,
 * made, replaced or deleted since boot. Start with cursor 0; each call gives
 * one path and moves the cursor; ENOENT at the end. /sys/fs/visorfs/N/state_generation
 * grows with every change and can be polled.
 */
#define VISORFS_STATE_DELETED 0x1 /* a state file of a tardisk that was removed */
struct visorfs_state {
	__u32 size;
	__u32 flags; /* out: VISORFS_STATE_* */
	__u64 cursor; /* in and out */
	__u64 generation; /* out: at the time of the call */
	char path[VISORFS_PATH_MAX]; /* out: from the root of the mount, "/etc/passwd" */
};

/*
 * One version of a path: what the ramdisk or a tardisk has there. Version 0
 * is the newest, and seen unless it says that the name was deleted; each
 * further index gives what that one hides; ENOENT behind the last. The
 * descriptor is of a directory, path goes on from there; it may lead through
 * deleted directories, links in it are not followed.
 *
 * With VISORFS_VERSION_OPEN, fd is a new descriptor to read what a tardisk
 * shipped, as it was, whatever has become of the file: a regular file's
 * contents, a symbolic link's target. Others give EINVAL. Once the tardisk
 * is detached, reading gives ESTALE.
 */
#define VISORFS_VERSION_OPEN 0x1 /* in */
#define VISORFS_VERSION_VISIBLE 0x1 /* out: what users see, unless CHANGED */
#define VISORFS_VERSION_RAMDISK 0x2 /* not a tardisk's */
#define VISORFS_VERSION_DELETED 0x4 /* no file, but the record that it was deleted */
#define VISORFS_VERSION_CHANGED 0x8 /* a tardisk's, changed since; described as shipped */
struct visorfs_version {
	__u32 size;
	__u32 flags; /* in and out: VISORFS_VERSION_* */
	__u32 index; /* in */
	__s32 fd; /* out: -1, or close-on-exec and the caller's to close */
	__u32 mode; /* out: as of stat(2), with the type */
	__u32 uid;
	__u32 gid;
	__u32 mtime_nsec;
	__s64 mtime;
	__u64 bytes; /* out: of a file or of a link's target */
	char tardisk[VISORFS_NAME_MAX + 1]; /* out: "" for the ramdisk's */
	char path[VISORFS_PATH_MAX]; /* in; undefined afterwards */
};

/* Which instance this is, without privilege: its directory is /sys/fs/visorfs/<instance>. */
struct visorfs_info {
	__u32 size;
	__u32 api_version; /* out: VISORFS_API_VERSION */
	__u32 instance; /* out */
	__u32 pad;
};

/*
 * Checks the invariants of the whole instance: names, stacks and counts of the
 * namespace, the pages of every file and what ramdisks are charged for. Names
 * stand still meanwhile; a host in use may have to wait for some
 * milliseconds. Violations are mistakes of visorfs or damaged memory; the log
 * has the first ten.
 */
struct visorfs_check {
	__u32 size; /* in: sizeof(struct visorfs_check) */
	__u32 violations; /* out */
	__u64 names; /* out: checked */
	__u64 files; /* out: checked, of those with an inode in memory */
	char message[VISORFS_MSG_MAX]; /* out: the first violation, or "" */
};

#define VISORFS_IOC_MAGIC 0xE6
#define VISORFS_IOC_INFO _IOWR(VISORFS_IOC_MAGIC, 1, struct visorfs_info)
#define VISORFS_IOC_SWITCH _IOWR(VISORFS_IOC_MAGIC, 2, struct visorfs_switch)
#define VISORFS_IOC_RAMDISK_ADD _IOWR(VISORFS_IOC_MAGIC, 3, struct visorfs_ramdisk_args)
/* Sets max_bytes, min_bytes and max_inodes of the ramdisk of that name. EBUSY below its use. */
#define VISORFS_IOC_RAMDISK_RESIZE _IOWR(VISORFS_IOC_MAGIC, 4, struct visorfs_ramdisk_args)
#define VISORFS_IOC_RAMDISK_REMOVE _IOW(VISORFS_IOC_MAGIC, 5, struct visorfs_ramdisk_name)
#define VISORFS_IOC_PROVIDER _IOWR(VISORFS_IOC_MAGIC, 6, struct visorfs_provider)
#define VISORFS_IOC_STATE_NEXT _IOWR(VISORFS_IOC_MAGIC, 7, struct visorfs_state)
#define VISORFS_IOC_VERSION _IOWR(VISORFS_IOC_MAGIC, 8, struct visorfs_version)
#define VISORFS_IOC_CHECK _IOWR(VISORFS_IOC_MAGIC, 16, struct visorfs_check)

#endif
