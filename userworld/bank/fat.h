/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The FAT file system of a bank, for reading: FAT12, 16 or 32, files of the root folder by their
 * short names (8.3), as docs/banks.md has them. Nothing is mounted, so the kernel caches nothing
 * of it and a damaged one can do no harm: all that is read is checked against the device's size.
 *
 * Errors: ERR_INVALID for what breaks the format, else those of blkio_read().
 */
#ifndef VISOR_FAT_H
#define VISOR_FAT_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "userworld/medium/blkio.h"

#define FAT_NAME 13	/* bytes of a short name in lower case, with its dot and a NUL */
#define FAT_BOOT 512	/* bytes of its first sector that are read */
#define FAT_WINDOW 4096 /* bytes of the table that are kept */

struct fat {
	struct blkio *io;
	unsigned int bits; /* of an entry of the table: 12, 16, 32 */
	uint32_t cluster;  /* bytes */
	uint32_t clusters; /* they have the numbers from 2 on */
	uint64_t table_at, table_size;
	uint64_t root_at; /* of FAT12 and 16 */
	uint32_t root_entries;
	uint32_t root_cluster; /* of FAT32 */
	uint64_t data_at;
	uint64_t window_at; /* bytes of the table in window; UINT64_MAX: none */
	unsigned char window[FAT_WINDOW];
};

struct fat_file {
	char name[FAT_NAME];
	uint32_t size;	  /* bytes */
	uint32_t first;	  /* cluster; 0 if it is empty */
	uint32_t index;	  /* a place in its chain that is known, so that reading on is quick */
	uint32_t current; /* the cluster there */
};

/* The device stays the caller's and must outlive f. ERR_INVALID: there is no FAT file system. */
int fat_open(struct fat *f, struct blkio *io, struct err *e);

/* Where the files begin, as the first sector says: bytes. Nothing of it is checked. */
uint64_t fat_data_at(const unsigned char boot[static FAT_BOOT]);

/* Finds a file of the root folder; upper and lower case are the same. ERR_NOT_FOUND. */
int fat_find(struct fat *f, const char *name, struct fat_file *file, struct err *e);

/* Calls fn for each file of the root folder; what is not 0 ends it and is returned. */
typedef int fat_fn(void *context, const struct fat_file *file, struct err *e);
int fat_each(struct fat *f, fat_fn *fn, void *context, struct err *e);

/* Where byte at of a file is on the device, and how many bytes of it follow there. */
int fat_where(struct fat *f, struct fat_file *file, uint32_t at, uint64_t *where, uint32_t *len,
	      struct err *e);

/* Reads len bytes from byte at on. ERR_INVALID beyond the file's end. */
int fat_read(struct fat *f, struct fat_file *file, uint32_t at, void *buf, size_t len,
	     struct err *e);

/* Bytes that no file has, also behind a file system that is smaller than its partition. */
int fat_free_bytes(struct fat *f, uint64_t *bytes, struct err *e);

/* Behind which byte of the device no file has anything. */
int fat_end(struct fat *f, uint64_t *bytes, struct err *e);

#endif
