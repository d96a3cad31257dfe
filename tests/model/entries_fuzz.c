// SPDX-License-Identifier: GPL-2.0-only
/*
 * Header areas as in tar_fuzz, for the module's own pass over them: which entries
 * make a tree, and the objects they become. Inputs of other kinds are passed over.
 */
#include "kernel.h"

#include "tests/fuzz/headers.h"
#include "visorfs/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Everything an object says lies in what was allocated for it; ASan finds what does not. */
static void check_object(const struct visorfs_tardisk *td, const struct visorfs_obj *obj)
{
	const char *name = td->strings + obj->name;

	must(obj->e.td == td && obj->e.len > 0 && !memchr(name, '/', obj->e.len));
	if (!obj->e.nlink) {
		must(obj->e.type == DT_REG && obj->target < td->count);
		must(visorfs_is_file(&td->objs[obj->target]));
		return;
	}
	if (obj->e.type == DT_DIR)
		must(obj->kids + (u64)obj->size <= td->count);
	if (obj->e.type == DT_LNK)
		must(strlen(td->strings + obj->link) == obj->size);
	if (obj->e.type == DT_REG)
		must(obj->page + (u64)visorfs_obj_pages(obj) <= td->pages);
}

static void build(struct visorfs_load *l, size_t strings)
{
	struct visorfs_tardisk *td = l->td;

	td->count = l->volume.entries;
	td->pages = (l->volume.size - l->volume.headers) >> PAGE_SHIFT;
	td->objs = calloc(td->count + 1, sizeof(*td->objs));
	td->strings = calloc(1, strings);
	l->strings = 1;
	if (!visorfs_build_entries(l))
		for (u32 i = 0; i < td->count; i++)
			check_object(td, &td->objs[i]);
	free(td->objs);
	free(td->strings);
}

static void load(const unsigned char *area, size_t len)
{
	struct visorfs_tardisk td = { 0 };
	struct visorfs_msg msg = { "" };
	struct visorfs_load l = { .td = &td, .msg = &msg };
	size_t strings;
	u32 count;

	if (tardisk_reader_init(&l.reader, area, (u32)len))
		return;
	l.volume = l.reader.volume;
	count = l.volume.entries;
	l.list = calloc(count + 1, sizeof(*l.list));
	l.parents = calloc(4 * (count + 1), sizeof(u32));
	l.kid_counts = l.parents + count + 1;
	l.kids = l.kid_counts + count + 1;
	l.places = l.kids + count + 1;
	if (!visorfs_check_entries(&l, &strings))
		build(&l, strings);
	free(l.list);
	free(l.parents);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *area;
	size_t len;

	if (size < 1 || data[0] & 3)
		return 0;
	area = header_area_of(data + 1, size - 1, &len);
	load(area, len);
	free(area);
	return 0;
}
