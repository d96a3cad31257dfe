/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * How a header looks byte by byte: what the reader's files and the writer
 * share. Nobody else includes this.
 */
#ifndef TARDISK_RAW_H
#define TARDISK_RAW_H

#include "tar.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define TARDISK_BLOCK 512u
#define TARDISK_MAGIC "visor  " /* with its NUL: eight bytes */
#define TARDISK_XATTR "SCHILY.xattr."

/* Where the fields of a header lie, and how long they are. */
enum {
	NAME = 0,
	NAME_LEN = 100,
	MODE = 100,
	UID = 108,
	GID = 116,
	ID_LEN = 8,
	SIZE = 124,
	MTIME = 136,
	LONG_LEN = 12,
	CHKSUM = 148,
	TYPE = 156,
	LINKNAME = 157,
	MAGIC = 257,
	MAGIC_LEN = 8,
	OWNERS = 265, /* uname and gname */
	OWNERS_LEN = 64,
	DEVMAJOR = 329,
	DEVMINOR = 337,
	PREFIX = 345,
	PREFIX_LEN = 151,
	OFFSET = 496,
	MTIME_NS = 500,
	UNUSED = 504,
	UNUSED_LEN = 8,
};

#define TARDISK_MAX_MAJOR 0xfffu
#define TARDISK_MAX_MINOR 0xfffffu
#define TARDISK_MAX_ID 0x1fffffu /* seven octal digits */
#define TARDISK_NS_PER_SECOND 1000000000u

struct tardisk_record {
	const char *name;
	uint32_t name_len;
	const char *value;
	uint32_t value_len;
};

static inline uint32_t tardisk_round(uint32_t n, uint32_t unit)
{
	return (n + unit - 1) & ~(unit - 1);
}

/* Notes a refusal; returns -1. */
int tardisk_refuse(struct tardisk_error *error, uint64_t offset, const char *field,
		   const char *what);

bool tardisk_all_zero(const unsigned char *p, uint32_t len);

/* "%07o" or "%011o" and a NUL: len is ID_LEN or LONG_LEN. Other spellings are refused. */
bool tardisk_get_octal(const unsigned char *p, uint32_t len, uint64_t *value);

/* What all headers have in common: checksum, magic and the fields that are always empty. */
int tardisk_check_header(const unsigned char *h, uint64_t at, struct tardisk_error *error);

/* A header of type g or x: *size bytes of records follow it, 1 to max, padded to a block. */
int tardisk_check_records_header(const unsigned char *h, uint64_t at, uint32_t max, uint32_t *size,
				 struct tardisk_error *error);

/*
 * The record at *pos of a list: "LENGTH NAME=VALUE\n", LENGTH being that of
 * all of it. 1 and *pos behind it, 0 at the end, -1 if malformed.
 */
int tardisk_next_record(const char *list, uint32_t len, uint32_t *pos, struct tardisk_record *rec);

bool tardisk_record_is(const struct tardisk_record *rec, const char *name);

#endif
