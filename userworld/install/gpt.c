// SPDX-License-Identifier: Apache-2.0
#include "gpt.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "gpt_raw.h"
#include "tardisk/le.h"

#define NAME_MAX_CHARS 36

static void fill_entries(const struct gpt *gpt, uint8_t out[static GPT_ENTRIES_SIZE])
{
	memset(out, 0, GPT_ENTRIES_SIZE);
	for (size_t i = 0; i < gpt->n; i++) {
		const struct gpt_part *part = &gpt->parts[i];
		uint8_t *entry = out + i * GPT_ENTRY_SIZE;

		memcpy(entry, part->type, GPT_GUID);
		memcpy(entry + 16, part->guid, GPT_GUID);
		le_put64(entry + 32, part->first);
		le_put64(entry + 40, part->first + part->sectors - 1);
		/* UTF-16, little endian. */
		for (size_t c = 0; c < NAME_MAX_CHARS && part->name[c]; c++)
			entry[56 + 2 * c] = (uint8_t)part->name[c];
	}
}

static void fill_header(const struct gpt *gpt, const uint8_t *entries, uint64_t own, uint64_t other,
			uint64_t entries_at, uint8_t out[static GPT_SECTOR])
{
	memset(out, 0, GPT_SECTOR);
	memcpy(out, GPT_MAGIC, 8);
	le_put32(out + GPT_H_REVISION, 0x10000);
	le_put32(out + GPT_H_SIZE, GPT_HEADER_SIZE);
	le_put64(out + GPT_H_OWN, own);
	le_put64(out + GPT_H_OTHER, other);
	le_put64(out + GPT_H_FIRST, GPT_FIRST);
	le_put64(out + GPT_H_LAST, gpt->sectors - 1 - GPT_COPY / GPT_SECTOR);
	memcpy(out + GPT_H_GUID, gpt->guid, GPT_GUID);
	le_put64(out + GPT_H_ENTRIES_AT, entries_at);
	le_put32(out + GPT_H_ENTRIES, GPT_ENTRIES);
	le_put32(out + GPT_H_ENTRY_SIZE, GPT_ENTRY_SIZE);
	le_put32(out + GPT_H_ENTRIES_CRC, (uint32_t)crc32(0, entries, GPT_ENTRIES_SIZE));
	le_put32(out + GPT_H_CRC, (uint32_t)crc32(0, out, GPT_HEADER_SIZE));
}

void gpt_primary(const struct gpt *gpt, uint8_t out[static GPT_COPY])
{
	uint8_t *entries = out + GPT_SECTOR;

	fill_entries(gpt, entries);
	fill_header(gpt, entries, 1, gpt->sectors - 1, 2, out);
}

void gpt_backup(const struct gpt *gpt, uint8_t out[static GPT_COPY])
{
	fill_entries(gpt, out);
	fill_header(gpt, out, gpt->sectors - 1, 1, gpt->sectors - GPT_COPY / GPT_SECTOR,
		    out + GPT_ENTRIES_SIZE);
}

void gpt_protect(uint64_t sectors, uint8_t out[static GPT_MBR_ENTRY_SIZE])
{
	/* From cylinder 0, head 0, sector 2 on, to what these fields cannot say. */
	static const uint8_t start[] = { 0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff };

	memcpy(out, start, sizeof(start));
	le_put32(out + 8, 1);
	le_put32(out + 12, sectors - 1 < UINT32_MAX ? (uint32_t)(sectors - 1) : UINT32_MAX);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Where each byte of the text is on the disk: the first three numbers are little endian. */
static const uint8_t places[GPT_GUID] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

static bool dash_before(size_t i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

int gpt_guid_parse(const char *text, uint8_t guid[static GPT_GUID])
{
	for (size_t i = 0; i < GPT_GUID; i++) {
		int high, low;

		if (dash_before(i) && *text++ != '-')
			return -1;
		high = digit(text[0]);
		low = high < 0 ? -1 : digit(text[1]);
		if (low < 0)
			return -1;
		guid[places[i]] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	return *text ? -1 : 0;
}

void gpt_guid_text(const uint8_t guid[static GPT_GUID], char text[static GPT_GUID_TEXT])
{
	for (size_t i = 0; i < GPT_GUID; i++)
		text += sprintf(text, "%s%02x", dash_before(i) ? "-" : "", guid[places[i]]);
}

void gpt_guid_mark(uint8_t guid[static GPT_GUID])
{
	guid[7] = (uint8_t)((guid[7] & 0x0f) | 0x40);
	guid[8] = (uint8_t)((guid[8] & 0x3f) | 0x80);
}
