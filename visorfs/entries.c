// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entries of a tardisk: the rules of the format that need the whole list,
 * and the packed form in which they stay in memory.
 */
#include "load.h"

#define MTIME_SHIFT 30 /* bits of the nanoseconds */

static int compare(const char *a, u32 a_len, const char *b, u32 b_len)
{
	int ret = memcmp(a, b, min(a_len, b_len));

	return ret ? ret : (a_len > b_len) - (a_len < b_len);
}

/* Entries are in byte order of their paths, so a path is found by halving. */
static u32 find_path(const struct visorfs_load *l, const char *path, u32 len, u32 count)
{
	u32 low = 0, high = count;

	while (low < high) {
		u32 mid = low + (high - low) / 2;
		int c = compare(l->list[mid].path, l->list[mid].path_len, path, len);

		if (!c)
			return mid;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return U32_MAX;
}

static u32 name_start(const struct tardisk_entry *e)
{
	u32 i = e->path_len;

	while (i && e->path[i - 1] != '/')
		i--;
	return i;
}

static int check_parent(struct visorfs_load *l, u32 i)
{
	const struct tardisk_entry *e = &l->list[i];
	u32 start = name_start(e);

	l->parents[i] = l->volume.entries;
	if (!start)
		return 0;
	/* Most entries lie in the directory of the one before. */
	if (i && l->parents[i - 1] != l->volume.entries) {
		const struct tardisk_entry *p = &l->list[l->parents[i - 1]];

		if (!compare(p->path, p->path_len, e->path, start - 1)) {
			l->parents[i] = l->parents[i - 1];
			return 0;
		}
	}
	l->parents[i] = find_path(l, e->path, start - 1, i);
	if (l->parents[i] == U32_MAX || l->list[l->parents[i]].type != TARDISK_DIR)
		return visorfs_refuse(l, e->at, "path", "its directory is not listed before it");
	return 0;
}

static size_t xattr_bytes(const struct tardisk_entry *e)
{
	struct tardisk_xattr x;
	size_t bytes = 0;
	u32 cursor = 0;

	while (tardisk_next_xattr(e, &cursor, &x))
		bytes += 2 * sizeof(u32) + x.name_len + x.value_len;
	return bytes ? bytes + sizeof(u32) : 0;
}

/* First pass: every rule of the format, and how many bytes of strings there are. */
int visorfs_check_entries(struct visorfs_load *l, size_t *strings)
{
	u32 count = l->volume.entries;
	const char *forbidden;
	u32 i;

	*strings = 1; /* offset 0 means none */
	for (i = 0; i < count; i++) {
		struct tardisk_entry *e = &l->list[i];
		int ret = tardisk_next(&l->reader, e);

		if (ret < 0)
			return visorfs_refuse(l, l->reader.error.offset, l->reader.error.field,
					      l->reader.error.what);
		if (!ret)
			return visorfs_refuse(l, l->reader.pos, "VISOR.entries",
					      "is larger than the list");
		if (i && compare(e[-1].path, e[-1].path_len, e->path, e->path_len) >= 0)
			return visorfs_refuse(l, e->at, "path", "is not in byte order");
		ret = check_parent(l, i);
		if (ret)
			return ret;
		forbidden = visorfs_signature_forbids(&l->td->signature, e);
		if (forbidden)
			return visorfs_refuse(l, e->at, "path", forbidden);
		*strings += e->path_len - name_start(e) + xattr_bytes(e);
		if (e->type == TARDISK_SYMLINK)
			*strings += e->link_len + 1;
		cond_resched();
	}
	if (tardisk_next(&l->reader, &(struct tardisk_entry){}))
		return visorfs_refuse(l, l->reader.error.offset, l->reader.error.field,
			      l->reader.error.what);
	if (*strings > U32_MAX)
		return visorfs_refuse(l, 0, "path", "all of them together are too long");
	return 0;
}

static u32 add_string(struct visorfs_load *l, const void *text, u32 len)
{
	u32 at = l->strings;

	memcpy(l->td->strings + at, text, len);
	l->strings += len;
	return at;
}

static u32 add_u32(struct visorfs_load *l, u32 value)
{
	return add_string(l, &value, sizeof(value));
}

/* Records of (name length, value length, name, value); a name length of 0 ends them. */
static u32 add_xattrs(struct visorfs_load *l, const struct tardisk_entry *e)
{
	struct tardisk_xattr x;
	u32 cursor = 0, first = 0;

	while (tardisk_next_xattr(e, &cursor, &x)) {
		u32 at = add_u32(l, x.name_len);

		if (!first)
			first = at;
		add_u32(l, x.value_len);
		add_string(l, x.name, x.name_len);
		add_string(l, x.value, x.value_len);
	}
	if (first)
		add_u32(l, 0);
	return first;
}

static u8 entry_type(enum tardisk_type type)
{
	switch (type) {
	case TARDISK_SYMLINK:
		return DT_LNK;
	case TARDISK_CHAR:
		return DT_CHR;
	case TARDISK_BLOCK:
		return DT_BLK;
	case TARDISK_DIR:
		return DT_DIR;
	case TARDISK_FIFO:
		return DT_FIFO;
	default:
		return DT_REG;
	}
}

static void build_object(struct visorfs_load *l, struct visorfs_obj *obj,
			 const struct tardisk_entry *e)
{
	u32 i = e - l->list;

	obj->mode = obj->e.type << 12 | e->mode;
	obj->uid = e->uid;
	obj->gid = e->gid;
	obj->mtime = (u64)e->mtime << MTIME_SHIFT | e->mtime_ns;
	obj->e.nlink = 1;
	obj->xattrs = add_xattrs(l, e);
	switch (obj->e.type) {
	case DT_REG:
		obj->size = e->size;
		obj->page = e->size ? (e->data - l->volume.headers) >> PAGE_SHIFT : 0;
		l->td->files++;
		break;
	case DT_DIR:
		obj->size = l->kid_counts[i];
		obj->kids = l->kids[i] - l->kid_counts[i];
		break;
	case DT_LNK:
		obj->size = e->link_len;
		obj->link = add_string(l, e->link, e->link_len);
		add_string(l, "", 1);
		break;
	case DT_CHR:
	case DT_BLK:
		obj->rdev = MKDEV(e->major, e->minor);
		break;
	}
}

static int build_hardlink(struct visorfs_load *l, struct visorfs_obj *obj,
			  const struct tardisk_entry *e)
{
	u32 target = find_path(l, e->link, e->link_len, e - l->list);
	struct visorfs_entry *entry;

	if (target == U32_MAX || l->list[target].type != TARDISK_FILE)
		return visorfs_refuse(l, e->at, "linkname", "is no regular file listed before it");
	obj->target = l->places[target];
	entry = &l->td->objs[obj->target].e;
	if (entry->nlink == U16_MAX)
		return visorfs_refuse(l, e->at, "linkname", "has too many links");
	entry->nlink++;
	return 0;
}

/*
 * Where each entry goes: those of one directory side by side, each directory
 * before what it holds, names in the order of the list. Blocks follow one
 * another in the order of their directories; the root's is the first.
 */
static void arrange(struct visorfs_load *l)
{
	u32 count = l->td->count, next, i;

	for (i = 0; i < count; i++)
		l->kid_counts[l->parents[i]]++;
	l->kids[count] = 0;
	next = l->kid_counts[count];
	for (i = 0; i < count; i++) {
		l->kids[i] = next;
		next += l->kid_counts[i];
	}
	for (i = 0; i < count; i++)
		l->places[i] = l->kids[l->parents[i]]++;
	l->td->root_kids = l->kid_counts[count];
}

/* Second pass: nothing but memory is written, the input is known to be right. */
int visorfs_build_entries(struct visorfs_load *l)
{
	struct visorfs_tardisk *td = l->td;
	u32 i;
	int ret;

	arrange(l);
	for (i = 0; i < td->count; i++) {
		const struct tardisk_entry *e = &l->list[i];
		struct visorfs_obj *obj = &td->objs[l->places[i]];
		u32 start = name_start(e);

		obj->e.td = td;
		obj->e.len = e->path_len - start;
		obj->name = add_string(l, e->path + start, obj->e.len);
		obj->e.type = entry_type(e->type);
		if (e->type == TARDISK_HARDLINK) {
			ret = build_hardlink(l, obj, e);
			if (ret)
				return ret;
		} else {
			build_object(l, obj, e);
		}
		cond_resched();
	}
	return 0;
}
