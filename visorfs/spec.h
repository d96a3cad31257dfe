/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names, sizes and limits, and the text of them in mount options. Pure:
 * tests/model builds this in user space too.
 */
#ifndef VISORFS_SPEC_H
#define VISORFS_SPEC_H

#include "internal.h"

/*
 * Is it a name for a tardisk or ramdisk? 1 to VISORFS_NAME_MAX bytes, no '/' and
 * no control character, and no '.' at the beginning: it becomes a folder in
 * sysfs and part of lines in the log. Reads no more than VISORFS_NAME_MAX + 1 bytes.
 */
bool visorfs_name_ok(const char *name);

/* "64", "64k", "64m", "64g": bytes. -EINVAL if it is none, or more than 64 bits. */
int visorfs_parse_size(const char *text, u64 *size);

/* A ramdisk that is asked for. */
struct visorfs_limits {
	u64 max; /* bytes */
	u64 min; /* bytes that are reserved */
	u64 inodes;
};

/* -EINVAL and a message if there can be no such ramdisk. */
int visorfs_check_limits(const char *name, const struct visorfs_limits *l,
			 struct visorfs_msg *msg);

/* Of limits that were checked: up to whole pages, but no more than may be used. */
u64 visorfs_reserved_pages(const struct visorfs_limits *l);

/* NAME:PATH:MAX:INODES[:MIN], which is cut up. -EINVAL and a message if it is not that. */
struct visorfs_ramdisk_spec {
	const char *name;
	char *path;
	struct visorfs_limits limits; /* not checked */
};

int visorfs_parse_ramdisk(char *text, struct visorfs_ramdisk_spec *spec, struct visorfs_msg *msg);

#endif
