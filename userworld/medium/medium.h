/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boot medium as the host sees it now (docs/media.md): the disk that holds the bank which
 * the loader has started, and its five partitions. It may be pulled out at any time, so
 * ask again before each use; devices get other names when they come back.
 *
 * Partitions are found by their names in the GUID partition table, which is read from
 * the disk itself (libblkid).
 */
#ifndef VISOR_MEDIUM_H
#define VISOR_MEDIUM_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

enum medium_part {
	MEDIUM_BIOS,
	MEDIUM_ESP,
	MEDIUM_STATE,
	MEDIUM_BANK0,
	MEDIUM_BANK1,
	MEDIUM_PARTS,
};

#define MEDIUM_BANKS 2
#define MEDIUM_GUID 37	 /* bytes of a GUID as text in lower case, NUL included */
#define MEDIUM_DEVICE 64 /* bytes of a path below /dev, NUL included */

struct medium_partition {
	bool present; /* false: the table has no partition of that name, or the kernel no device */
	char device[MEDIUM_DEVICE];
	char guid[MEDIUM_GUID];
	unsigned int number;
	uint64_t offset; /* bytes from the start of the disk */
	uint64_t size;	 /* bytes */
};

struct medium {
	char disk[MEDIUM_DEVICE];
	char guid[MEDIUM_GUID]; /* of the partition table */
	uint64_t size;		/* bytes */
	unsigned int sector;	/* bytes of a logical sector */
	struct medium_partition part[MEDIUM_PARTS];
	unsigned int bank; /* the bank that this host was started from: 0 or 1 */
};

/* Where to look: NULL for the running system. Tests have files in these folders. */
struct medium_where {
	const char *cmdline; /* the kernel's, instead of /proc/cmdline */
	const char *sysfs;   /* /sys */
	const char *dev;     /* /dev */
	const char *moved;   /* MEDIUM_MOVED */
};

/* Has the GUID of the bank that the medium was rebuilt with, since the host was started. */
#define MEDIUM_MOVED "/run/visoros/boot/medium"

/* The name of a partition: "VISOROS-STATE". */
const char *medium_part_name(enum medium_part part);

/*
 * The partition that the loader says it has started the host from (visoros.bank=), in lower
 * case; once the medium was rebuilt (docs/banks.md) the one that took its place. false: the host
 * was not started from a medium (network, CD); it never has one.
 */
bool medium_expected(const struct medium_where *where, char guid[static MEDIUM_GUID]);

/*
 * Finds the medium. Not there (yet), or no medium is expected: ERR_NOT_FOUND. Two disks with
 * the same bank: ERR_CONFLICT, as writing to one of them could be writing to the wrong one.
 * State and banks that the medium lacks have present = false. If the kernel could not read its
 * table, but libblkid can, medium_wake() is tried.
 */
int medium_find(struct medium *m, struct err *e);
int medium_find_at(const struct medium_where *where, struct medium *m, struct err *e);

/*
 * Reads the table of one disk, whatever the host was started from: m->bank is left alone.
 * ERR_NOT_FOUND if it has no GUID partition table with at least one of our names.
 */
int medium_read(const struct medium_where *where, const char *disk, struct medium *m,
		struct err *e);

/*
 * The kernel reads the first copy of a partition table only. If that is damaged libblkid takes the
 * second one, and this tells the kernel of those of our partitions that it does not know. -1 if it
 * takes none of them.
 */
int medium_wake(const struct medium *m, struct err *e);

#endif
