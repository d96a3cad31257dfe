/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A GUID partition table as the bytes that go to a disk with sectors of 512 bytes: a protective
 * entry in the master boot record, and two copies. Pure.
 */
#ifndef VISOR_GPT_H
#define VISOR_GPT_H

#include <stddef.h>
#include <stdint.h>

#define GPT_SECTOR 512
#define GPT_GUID 16
#define GPT_ENTRIES 128
#define GPT_COPY (33 * GPT_SECTOR) /* bytes of a copy: header and 128 entries of 128 bytes */
#define GPT_FIRST 2048		   /* the first sector that a partition may have */
#define GPT_MBR_ENTRY 446	   /* where the boot sector has its first entry of 16 bytes */
#define GPT_MBR_ENTRY_SIZE 16
#define GPT_MBR_SIGNATURE 510 /* and its last two bytes: 0x55 0xaa */

struct gpt_part {
	const char *name; /* ASCII, at most 36 characters */
	uint8_t type[GPT_GUID];
	uint8_t guid[GPT_GUID];
	uint64_t first, sectors;
};

struct gpt {
	uint8_t guid[GPT_GUID];
	uint64_t sectors; /* of the disk */
	size_t n;	  /* at most GPT_ENTRIES */
	const struct gpt_part *parts;
};

/* Sector 1 and what follows, and the end of the disk: its last GPT_COPY bytes. */
void gpt_primary(const struct gpt *gpt, uint8_t out[static GPT_COPY]);
void gpt_backup(const struct gpt *gpt, uint8_t out[static GPT_COPY]);

/* The entry of the boot sector that keeps others from taking the disk for an empty one. */
void gpt_protect(uint64_t sectors, uint8_t out[static GPT_MBR_ENTRY_SIZE]);

/* "6f0e8a52-4c1b-...", upper or lower case, as it stands on the disk. 0 or -1. */
int gpt_guid_parse(const char *text, uint8_t guid[static GPT_GUID]);

/* The reverse, in lower case. */
#define GPT_GUID_TEXT 37 /* bytes, NUL included */
void gpt_guid_text(const uint8_t guid[static GPT_GUID], char text[static GPT_GUID_TEXT]);

/* 16 random bytes become a random GUID (version 4). */
void gpt_guid_mark(uint8_t guid[static GPT_GUID]);

#endif
