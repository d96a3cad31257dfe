/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of a GUID partition table as it is on the disk: little endian. */
#ifndef VISOR_GPT_RAW_H
#define VISOR_GPT_RAW_H

#include "gpt.h"

#define GPT_MAGIC "EFI PART"
#define GPT_HEADER_SIZE 92
#define GPT_ENTRY_SIZE 128
#define GPT_ENTRIES_SIZE (GPT_ENTRIES * GPT_ENTRY_SIZE)

/* Places in the header. */
enum {
	GPT_H_REVISION = 8,
	GPT_H_SIZE = 12,
	GPT_H_CRC = 16, /* of the header with zeros in this place */
	GPT_H_OWN = 24,
	GPT_H_OTHER = 32,
	GPT_H_FIRST = 40,
	GPT_H_LAST = 48,
	GPT_H_GUID = 56,
	GPT_H_ENTRIES_AT = 72,
	GPT_H_ENTRIES = 80,
	GPT_H_ENTRY_SIZE = 84,
	GPT_H_ENTRIES_CRC = 88,
};

#endif
