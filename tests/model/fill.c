// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tardisks as load.c makes them, without their contents. Making and reading a
 * header area takes longer than all the rest of the model, and a fuzzer asks for
 * the same ones again and again: what was loaded is kept, as it was, and copied.
 * It is kept in place, as memory that grows would be a leak to the fuzzer.
 */
#include "fixture.h"

#include "visorfs/load.h"

#define KEPT 2048
#define STRINGS_MAX 1024 /* bytes: each name is one, and stands once */

struct kept {
	enum model_type types[PATHS]; /* that it was made of */
	struct visorfs_tardisk td;    /* objs NULL: nothing is kept here */
	size_t strings_size;
	struct visorfs_obj objs[PATHS];
	char strings[STRINGS_MAX];
};

static struct kept kept[KEPT];

static struct kept *place_of(const enum model_type *types)
{
	u32 hash = 0;

	for (unsigned int p = 0; p < PATHS; p++)
		hash = (hash ^ types[p]) * 0x01000193u;
	return &kept[hash >> 7 & (KEPT - 1)];
}

/* By the module's code, from a header area by the tools' writer; into memory of the exact size. */
static void load(struct visorfs_tardisk *td, const enum model_type *types, size_t *strings_size)
{
	struct visorfs_msg msg = { "" };
	struct visorfs_load l = { .td = td, .msg = &msg };
	u32 count, len;

	l.headers = header_area(types, &len);
	must(!tardisk_reader_init(&l.reader, l.headers, len));
	l.volume = l.reader.volume;
	count = l.volume.entries;
	l.list = calloc(count + 1, sizeof(*l.list));
	l.parents = calloc(4 * (count + 1), sizeof(u32));
	l.kid_counts = l.parents + count + 1;
	l.kids = l.kid_counts + count + 1;
	l.places = l.kids + count + 1;
	must(!visorfs_check_entries(&l, strings_size));
	td->count = count;
	td->objs = calloc(count + 1, sizeof(*td->objs));
	td->strings = calloc(1, *strings_size);
	l.strings = 1;
	must(!visorfs_build_entries(&l));
	free(l.headers);
	free(l.list);
	free(l.parents);
}

static void keep(struct kept *k, const enum model_type *types)
{
	struct visorfs_tardisk td = { 0 };

	load(&td, types, &k->strings_size);
	must(td.count <= PATHS && k->strings_size <= sizeof(k->strings));
	memcpy(k->types, types, sizeof(k->types));
	memcpy(k->objs, td.objs, td.count * sizeof(*td.objs));
	memcpy(k->strings, td.strings, k->strings_size);
	free(td.objs);
	free(td.strings);
	k->td = td;
	k->td.objs = k->objs;
	k->td.strings = k->strings;
}

struct visorfs_tardisk *model_tardisk(unsigned int t, const enum model_type *types)
{
	struct visorfs_tardisk *td = malloc(sizeof(*td));
	struct kept *k = place_of(types);

	if (!k->td.objs || memcmp(k->types, types, sizeof(k->types)))
		keep(k, types);
	must(td);
	*td = k->td;
	kref_init(&td->ref);
	INIT_LIST_HEAD(&td->list);
	td->sbi = &model_sb;
	snprintf(td->name, sizeof(td->name), "t%u", t / 2);
	td->objs = calloc(td->count + 1, sizeof(*td->objs));
	td->strings = calloc(1, k->strings_size);
	must(td->objs && td->strings);
	memcpy(td->objs, k->objs, td->count * sizeof(*td->objs));
	memcpy(td->strings, k->strings, k->strings_size);
	for (u32 i = 0; i < td->count; i++)
		td->objs[i].e.td = td;
	return td;
}
