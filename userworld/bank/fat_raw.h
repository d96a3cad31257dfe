/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and structures of FAT as they are on the device: little endian, unaligned. */
#ifndef VISOR_FAT_RAW_H
#define VISOR_FAT_RAW_H

#include <stdint.h>

#include "tardisk/le.h"

#define FAT_ENTRY_SIZE 32

/* Places in the boot sector. */
enum {
	FAT_SECTOR = 11,    /* u16: bytes of a sector */
	FAT_CLUSTER = 13,   /* u8: sectors of a cluster */
	FAT_RESERVED = 14,  /* u16: sectors before the tables */
	FAT_TABLES = 16,    /* u8 */
	FAT_ROOT = 17,	    /* u16: entries of the root folder, 0 for FAT32 */
	FAT_TOTAL16 = 19,   /* u16: sectors, 0 if in FAT_TOTAL32 */
	FAT_MEDIA = 21,	    /* u8 */
	FAT_TABLE16 = 22,   /* u16: sectors of a table, 0 for FAT32 */
	FAT_HIDDEN = 28,    /* u32 */
	FAT_TOTAL32 = 32,   /* u32 */
	FAT_TABLE32 = 36,   /* u32, FAT32 */
	FAT_ROOT32 = 44,    /* u32, FAT32: cluster of the root folder */
	FAT_EXTENDED = 38,  /* u8, FAT16: 0x29, three fields follow */
	FAT_SERIAL = 39,    /* u32 */
	FAT_LABEL = 43,	    /* 11 bytes */
	FAT_TYPE = 54,	    /* 8 bytes */
	FAT_SIGNATURE = 510 /* 0x55, 0xaa */
};

/* Places in an entry of a folder. */
enum {
	FAT_E_NAME = 0, /* 8 + 3 bytes, padded with spaces */
	FAT_E_ATTR = 11,
	FAT_E_HIGH = 20, /* u16: first cluster, the upper half */
	FAT_E_DATE = 24, /* u16 */
	FAT_E_LOW = 26,	 /* u16 */
	FAT_E_SIZE = 28	 /* u32 */
};

#define FAT_ATTR_LABEL 0x08 /* also in each piece of a long name */
#define FAT_ATTR_FOLDER 0x10

#endif
