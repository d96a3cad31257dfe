// SPDX-License-Identifier: Apache-2.0
#include "loader.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/bank/fat.h"

#define STEP 65536u /* bytes at once */

/* One pass over everything. */
struct pass {
	const struct loader *l;
	struct skeleton *skeleton;
	struct loader_report *r;
	bool write;
	uint64_t table_size; /* of the ESP: bytes before its files */
	uint8_t should[STEP], is[STEP];
};

static void close_pass(struct pass **p)
{
	if (*p)
		skeleton_close((*p)->skeleton);
	free(*p);
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return !bytes[0] && memcmp(bytes, bytes + 1, len - 1) == 0;
}

/* Its first entry is itself. */
static bool is_folder(const uint8_t *sector)
{
	return memcmp(sector, ".          ", 11) == 0;
}

static enum loader_part part_of(const struct pass *p, enum loader_part part, uint64_t at,
				const uint8_t *sector)
{
	if (part == LOADER_ESP && (at < p->table_size || is_folder(sector)))
		return LOADER_ESP_TABLE;
	return part;
}

/* A sector of should and is, len bytes of it count; at: in its partition, on: on the disk. */
static int take_sector(struct pass *p, enum loader_part part, size_t i, size_t len, uint64_t at,
		       uint64_t on, struct err *e)
{
	uint8_t *should = p->should + i, *is = p->is + i;

	if (part == LOADER_ESP && at == 0)
		p->table_size = fat_data_at(should);
	if (is_zero(should, len))
		return 0;
	part = part_of(p, part, at, should);
	p->r->sectors[part]++;
	if (memcmp(should, is, len) == 0)
		return 0;
	p->r->differ[part]++;
	if (!p->write || part == LOADER_ESP_TABLE)
		return 0;
	memcpy(is, should, len);
	p->r->written++;
	return blkio_write(p->l->disk, is, GPT_SECTOR, on, e);
}

/* Sectors that cannot be read have nothing of what they should. */
static int read_disk(struct pass *p, size_t len, uint64_t at, struct err *e)
{
	size_t failed = 0;

	if (blkio_read(p->l->disk, p->is, len, at, NULL) == 0)
		return 0;
	for (size_t i = 0; i < len; i += GPT_SECTOR)
		if (blkio_read(p->l->disk, p->is + i, GPT_SECTOR, at + i, e) < 0) {
			memset(p->is + i, 0, GPT_SECTOR);
			failed += GPT_SECTOR;
		}
	return failed < len ? 0 : -1;
}

/* What the skeleton has next, against a place of the disk. */
static int take(struct pass *p, enum loader_part part, uint64_t on, uint64_t size, struct err *e)
{
	for (uint64_t at = 0, n; at < size; at += n) {
		n = size - at < STEP ? size - at : STEP;
		if (skeleton_read(p->skeleton, p->should, n, e) < 0 ||
		    read_disk(p, n, on + at, e) < 0)
			return -1;
		for (size_t i = 0; i < n; i += GPT_SECTOR)
			if (take_sector(p, part, i, part == LOADER_CODE ? INSTALL_CODE : GPT_SECTOR,
					at + i, on + at + i, e) < 0)
				return -1;
		if (p->l->pace && p->l->pace(p->l->context, n, e) < 0)
			return -1;
	}
	return 0;
}

static int run(const struct loader *l, const struct install_layout *layout, bool write,
	       struct loader_report *r, struct err *e)
{
	_cleanup_(close_pass) struct pass *p = calloc(1, sizeof(*p));

	if (!p)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (l->core_size != layout->bios || l->esp_size != layout->esp)
		return err_set(e, ERR_INVALID,
			       "%s: its partitions have other sizes than those of this image",
			       l->disk->name);
	memset(r, 0, sizeof(*r));
	p->l = l;
	p->r = r;
	p->write = write;
	if (skeleton_open(&p->skeleton, l->skeleton, e) < 0 ||
	    take(p, LOADER_CODE, 0, GPT_SECTOR, e) < 0 ||
	    take(p, LOADER_CORE, l->core_at, l->core_size, e) < 0 ||
	    take(p, LOADER_ESP, l->esp_at, l->esp_size, e) < 0)
		return -1;
	return r->written ? blkio_flush(l->disk, e) : 0;
}

int loader_examine(const struct loader *l, const struct install_layout *layout,
		   struct loader_report *r, struct err *e)
{
	return run(l, layout, false, r, e);
}

bool loader_is_known(const struct loader_report *r)
{
	return (!r->differ[LOADER_CODE] && !r->differ[LOADER_CORE]) ||
	       (!r->differ[LOADER_ESP] && !r->differ[LOADER_ESP_TABLE]);
}

bool loader_is_damaged(const struct loader_report *r)
{
	return r->differ[LOADER_CODE] || r->differ[LOADER_CORE] || r->differ[LOADER_ESP];
}

int loader_mend(const struct loader *l, const struct install_layout *layout,
		struct loader_report *r, struct err *e)
{
	uint32_t written;

	if (run(l, layout, true, r, e) < 0)
		return -1;
	written = r->written;
	if (run(l, layout, false, r, e) < 0)
		return -1;
	r->written = written;
	return 0;
}
