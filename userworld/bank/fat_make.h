/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new FAT16 file system with the files of a bank, made without being mounted: the files are known
 * beforehand, so each lies in one piece, and the same files give the same bytes.
 *
 *	fat_plan(&plan, size, sector, files, n, e)   is there room, and where does each go?
 *	blkio_write(io, ..., files[i].at, e)	     their contents, in any order
 *	blkio_flush(io, e)
 *	fat_make(&plan, files, n, io, e)	     only now they are files
 */
#ifndef VISOR_FAT_MAKE_H
#define VISOR_FAT_MAKE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "fat.h"

#define FAT_MAKE_FILES 100 /* at most */

struct fat_new_file {
	char name[FAT_NAME]; /* fat_name_ok() */
	uint32_t size;	     /* bytes */
	uint64_t at;	     /* set by fat_plan(): where its first byte goes on the device */
	uint32_t cluster;    /* the same; 0 if it is empty */
};

struct fat_plan {
	uint32_t sector, cluster; /* bytes */
	uint32_t clusters, table; /* number; sectors of one table */
	uint32_t sectors;	  /* of the whole */
	uint64_t table_at, root_at, data_at;
	uint64_t needed, room; /* bytes of the files in whole clusters; of all clusters */
};

/*
 * May a file of a bank have this name? 1 to 8 of a-z, 0-9, "_" and "-", and if there is a dot 1
 * to 3 of them behind it.
 */
bool fat_name_ok(const char *name);

/*
 * ERR_NO_SPACE if the files do not fit, with how much is missing; ERR_INVALID for a name,
 * for too many files, or a size from which no FAT16 can be made (2 MiB to 2 GiB).
 */
int fat_plan(struct fat_plan *plan, uint64_t size, uint32_t sector, struct fat_new_file *files,
	     size_t n, struct err *e);

/* What is before the files: data_at bytes of first sector, tables and root folder. */
void fat_head(const struct fat_plan *plan, const struct fat_new_file *files, size_t n,
	      uint32_t serial, unsigned char *head);

/* Writes tables, root folder and the first sector, and flushes. serial: the volume's number. */
int fat_make(const struct fat_plan *plan, const struct fat_new_file *files, size_t n,
	     uint32_t serial, struct blkio *io, struct err *e);

#endif
