/* SPDX-License-Identifier: Apache-2.0 */
/* One copy of a GUID partition table, as it is read from a disk and written to it. */
#ifndef VISOR_GPT_COPY_H
#define VISOR_GPT_COPY_H

#include <stdbool.h>

#include "err.h"
#include "gpt_raw.h"
#include "userworld/medium/blkio.h"

struct gpt_copy {
	uint8_t header[GPT_SECTOR];
	uint8_t entries[GPT_ENTRIES_SIZE];
	uint64_t own, entries_at; /* sectors where it belongs */
	bool good;
};

struct gpt_table {
	struct gpt_copy primary, backup;
};

/* Both copies. A sector that cannot be read makes a copy that is not good. */
void gpt_table_read(struct blkio *disk, struct gpt_table *t);

/* Fills in where the copy is, where the other one is, and the checksums of both. */
void gpt_copy_seal(struct gpt_copy *c, uint64_t other);

/* Its entries, flushed, and then its header, flushed. */
int gpt_copy_write(struct blkio *disk, const struct gpt_copy *c, struct err *e);

#endif
