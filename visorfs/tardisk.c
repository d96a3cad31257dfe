// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading a tardisk: checks it, and builds its entries, objects and pages
 * privately; the namespace knows nothing of it until the switch. A refused
 * one leaves no trace.
 */
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "internal.h"

/* What must stay free beside the tardisk, so that attaching does not wake the OOM killer. */
#define MARGIN_PAGES (4u << (20 - PAGE_SHIFT))

struct load {
	struct visorfs_tardisk *td;
	struct visorfs_unpack unpack;
	struct tardisk_volume volume;
	struct tardisk_reader reader;
	void *headers;
	struct tardisk_entry *list; /* the entries, while the tree is built */
	u32 *parents; /* index of each entry's directory, U32_MAX: the root */
	size_t strings; /* bytes used of td->strings */
	struct visorfs_msg *msg;
};

static int refuse(struct load *l, u64 offset, const char *field, const char *what)
{
	return visorfs_fail(l->msg, -EBADMSG, "%s: offset %llu: %s: %s", l->td->name, offset,
			    field, what);
}

static int compare(const char *a, u32 a_len, const char *b, u32 b_len)
{
	int ret = memcmp(a, b, min(a_len, b_len));

	return ret ? ret : (a_len > b_len) - (a_len < b_len);
}

/* Entries are in byte order of their paths, so a path is found by halving. */
static u32 find_path(const struct load *l, const char *path, u32 len, u32 count)
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

static int check_parent(struct load *l, u32 i)
{
	const struct tardisk_entry *e = &l->list[i];
	u32 start = name_start(e);

	l->parents[i] = U32_MAX;
	if (!start)
		return 0;
	/* Most entries lie in the directory of the one before. */
	if (i && l->parents[i - 1] != U32_MAX) {
		const struct tardisk_entry *p = &l->list[l->parents[i - 1]];

		if (!compare(p->path, p->path_len, e->path, start - 1)) {
			l->parents[i] = l->parents[i - 1];
			return 0;
		}
	}
	l->parents[i] = find_path(l, e->path, start - 1, i);
	if (l->parents[i] == U32_MAX || l->list[l->parents[i]].type != TARDISK_DIR)
		return refuse(l, e->at, "path", "its directory is not listed before it");
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
static int check_entries(struct load *l, size_t *strings)
{
	u32 count = l->volume.entries;
	u32 i;

	*strings = 1; /* offset 0 means none */
	for (i = 0; i < count; i++) {
		struct tardisk_entry *e = &l->list[i];
		int ret = tardisk_next(&l->reader, e);

		if (ret < 0)
			return refuse(l, l->reader.error.offset, l->reader.error.field,
				      l->reader.error.what);
		if (!ret)
			return refuse(l, l->reader.pos, "VISOR.entries", "is larger than the list");
		if (i && compare(e[-1].path, e[-1].path_len, e->path, e->path_len) >= 0)
			return refuse(l, e->at, "path", "is not in byte order");
		ret = check_parent(l, i);
		if (ret)
			return ret;
		*strings += e->path_len - name_start(e) + xattr_bytes(e);
		if (e->type == TARDISK_SYMLINK)
			*strings += e->link_len + 1;
		cond_resched();
	}
	if (tardisk_next(&l->reader, &(struct tardisk_entry){}))
		return refuse(l, l->reader.error.offset, l->reader.error.field,
			      l->reader.error.what);
	if (*strings > U32_MAX)
		return refuse(l, 0, "path", "all of them together are too long");
	return 0;
}

static u32 add_string(struct load *l, const void *text, u32 len)
{
	u32 at = l->strings;

	memcpy(l->td->strings + at, text, len);
	l->strings += len;
	return at;
}

static u32 add_u32(struct load *l, u32 value)
{
	return add_string(l, &value, sizeof(value));
}

/* Records of (name length, value length, name, value); a name length of 0 ends them. */
static u32 add_xattrs(struct load *l, const struct tardisk_entry *e)
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

static int build_object(struct load *l, struct visorfs_obj *obj, const struct tardisk_entry *e)
{
	struct visorfs_tardisk *td = l->td;
	u8 type = entry_type(e->type);

	obj->td = td;
	obj->mode = type << 12 | e->mode;
	obj->uid = e->uid;
	obj->gid = e->gid;
	obj->mtime = e->mtime;
	obj->mtime_ns = e->mtime_ns;
	obj->nlink = 1;
	obj->xattrs = add_xattrs(l, e);
	switch (type) {
	case DT_REG:
		obj->size = e->size;
		obj->page = e->size ? (e->data - l->volume.headers) >> PAGE_SHIFT : 0;
		td->files++;
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
	return 0;
}

static int build_hardlink(struct load *l, struct visorfs_entry *entry,
			  const struct tardisk_entry *e, u32 i)
{
	u32 target = find_path(l, e->link, e->link_len, i);

	if (target == U32_MAX || l->list[target].type != TARDISK_FILE)
		return refuse(l, e->at, "linkname", "is no regular file listed before it");
	entry->obj = l->td->entries[target].obj;
	if (entry->obj->nlink == U16_MAX)
		return refuse(l, e->at, "linkname", "has too many links");
	entry->obj->nlink++;
	return 0;
}

/* Second pass: nothing but memory is written, the input is known to be right. */
static int build_entries(struct load *l)
{
	struct visorfs_tardisk *td = l->td;
	u32 i;
	int ret;

	for (i = 0; i < td->count; i++) {
		const struct tardisk_entry *e = &l->list[i];
		struct visorfs_entry *entry = &td->entries[i];
		u32 start = name_start(e);

		entry->td = td;
		entry->len = e->path_len - start;
		entry->name = td->strings + add_string(l, e->path + start, entry->len);
		entry->type = entry_type(e->type);
		if (e->type == TARDISK_HARDLINK) {
			ret = build_hardlink(l, entry, e, i);
		} else {
			entry->obj = &td->objs[i];
			ret = build_object(l, entry->obj, e);
		}
		if (ret)
			return ret;
		/* Until the switch, the parent is remembered by its index. */
		entry->cookie = l->parents[i];
		cond_resched();
	}
	return 0;
}

static int alloc_folio(unsigned long *slots, u32 left, u32 index)
{
	unsigned int order = min_t(unsigned int, ilog2(left), HPAGE_PMD_ORDER);
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;
	struct folio *folio;
	long i, nr;

	/* A folio begins at a multiple of its size, in the file as in memory. */
	if (index)
		order = min_t(unsigned int, order, __ffs(index));
	for (;; order--) {
		if (order == 1)
			order = 0;
		folio = folio_alloc(order ? gfp | __GFP_NORETRY | __GFP_NOMEMALLOC : gfp, order);
		if (folio || !order)
			break;
	}
	if (!folio)
		return -ENOMEM;
	nr = folio_nr_pages(folio);
	for (i = 0; i < nr; i++)
		slots[i] = (unsigned long)folio_page(folio, i);
	return nr;
}

static int alloc_pages_of(struct visorfs_tardisk *td, const struct visorfs_obj *obj)
{
	u32 pages = visorfs_obj_pages(obj);
	/* Huge mappings never cross the end of a file: the last page counts only if full. */
	u32 full = obj->size >> PAGE_SHIFT;
	u32 i = 0;

	while (i < pages) {
		u32 left = i < full ? full - i : 1;
		int n = alloc_folio(&td->slots[obj->page + i], left, i);

		if (n < 0)
			return n;
		i += n;
		cond_resched();
	}
	return 0;
}

static int alloc_data(struct load *l)
{
	struct visorfs_tardisk *td = l->td;
	u32 i;

	for (i = 0; i < td->count; i++) {
		const struct visorfs_obj *obj = &td->objs[i];

		if (obj->td && S_ISREG(obj->mode) && obj->size && alloc_pages_of(td, obj))
			return visorfs_fail(l->msg, -ENOMEM, "%s: no memory for its files",
					    td->name);
	}
	return 0;
}

/* Bytes behind a file's end would be seen through a mapping of its last page. */
static int check_tails(struct load *l)
{
	struct visorfs_tardisk *td = l->td;
	u32 i;

	for (i = 0; i < td->count; i++) {
		const struct visorfs_obj *obj = &td->objs[i];
		u32 tail = obj->size & ~PAGE_MASK;
		struct page *page;

		if (!obj->td || !S_ISREG(obj->mode) || !tail)
			continue;
		page = (struct page *)td->slots[obj->page + visorfs_obj_pages(obj) - 1];
		if (memchr_inv(page_address(page) + tail, 0, PAGE_SIZE - tail))
			return refuse(l, l->list[i].at, "data", "padding is not zero");
	}
	return 0;
}

/* Refuses before anything is allocated that could push the host into shortage. */
static int check_memory(struct load *l)
{
	u64 per_entry = sizeof(struct visorfs_entry) + sizeof(struct visorfs_obj) +
			sizeof(struct tardisk_entry) + sizeof(u32);
	u64 bytes = l->volume.size + l->volume.headers + l->volume.entries * per_entry;
	u64 need = (bytes >> PAGE_SHIFT) + MARGIN_PAGES;
	u64 have = max(si_mem_available(), 0L);

	if (need <= have)
		return 0;
	return visorfs_fail(l->msg, -ENOMEM,
			    "%s: needs %llu KiB of memory, %llu KiB are available", l->td->name,
			    need << (PAGE_SHIFT - 10), have << (PAGE_SHIFT - 10));
}

static int load_headers(struct load *l)
{
	struct visorfs_tardisk *td = l->td;
	u32 count = l->volume.entries;
	size_t strings;
	int ret;

	l->headers = vmalloc(l->volume.headers);
	l->list = kvcalloc(count + 1, sizeof(*l->list), GFP_KERNEL);
	l->parents = kvmalloc_array(count + 1, sizeof(*l->parents), GFP_KERNEL);
	if (!l->headers || !l->list || !l->parents)
		return visorfs_fail(l->msg, -ENOMEM, "%s: no memory for its headers", td->name);
	ret = visorfs_unpack_headers(&l->unpack, l->headers, l->volume.headers, l->msg);
	if (ret)
		return ret;
	if (tardisk_reader_init(&l->reader, l->headers, l->volume.headers))
		return refuse(l, l->reader.error.offset, l->reader.error.field,
			      l->reader.error.what);
	ret = check_entries(l, &strings);
	if (ret)
		return ret;
	td->count = count;
	td->entries = kvcalloc(count + 1, sizeof(*td->entries), GFP_KERNEL);
	td->objs = kvcalloc(count + 1, sizeof(*td->objs), GFP_KERNEL);
	td->strings = kvzalloc(strings, GFP_KERNEL);
	if (!td->entries || !td->objs || !td->strings)
		return visorfs_fail(l->msg, -ENOMEM, "%s: no memory for its entries", td->name);
	l->strings = 1;
	return build_entries(l);
}

static int load_data(struct load *l)
{
	struct visorfs_tardisk *td = l->td;
	int ret;

	td->pages = (l->volume.size - l->volume.headers) >> PAGE_SHIFT;
	td->slots = kvcalloc(td->pages + 1, sizeof(*td->slots), GFP_KERNEL);
	if (!td->slots)
		return visorfs_fail(l->msg, -ENOMEM, "%s: no memory for its pages", td->name);
	ret = alloc_data(l);
	if (!ret)
		ret = visorfs_unpack_pages(&l->unpack, td->slots, td->pages, l->msg);
	if (!ret)
		ret = check_tails(l);
	return ret;
}

static int load(struct load *l, struct file *file)
{
	int ret = visorfs_unpack_open(&l->unpack, file, l->td->name, l->msg);

	if (!ret)
		ret = visorfs_unpack_volume(&l->unpack, &l->volume, l->msg);
	if (!ret)
		ret = check_memory(l);
	if (!ret)
		ret = load_headers(l);
	if (!ret)
		ret = load_data(l);
	return ret;
}

static bool name_ok(const char *name)
{
	size_t len = strnlen(name, VISORFS_NAME_MAX + 1);

	return len && len <= VISORFS_NAME_MAX && name[0] != '.' && !strpbrk(name, "/\n");
}

/* Reads and checks a whole tardisk; the caller holds switch_mutex. ERR_PTR on failure. */
struct visorfs_tardisk *visorfs_tardisk_load(struct visorfs_sb *sbi, struct file *file,
					     const char *name, struct visorfs_msg *msg)
{
	struct load *l;
	struct visorfs_tardisk *td;
	int ret;

	if (!name_ok(name))
		return ERR_PTR(visorfs_fail(msg, -EINVAL, "%.63s: is no name for a tardisk", name));
	if (!S_ISREG(file_inode(file)->i_mode))
		return ERR_PTR(visorfs_fail(msg, -EINVAL, "%s: is no regular file", name));
	l = kzalloc(sizeof(*l), GFP_KERNEL);
	td = kzalloc(sizeof(*td), GFP_KERNEL);
	if (!l || !td) {
		kfree(l);
		kfree(td);
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&td->ref);
	INIT_LIST_HEAD(&td->list);
	td->sbi = sbi;
	strscpy(td->name, name, sizeof(td->name));
	td->packed = i_size_read(file_inode(file));
	l->td = td;
	l->msg = msg;
	ret = load(l, file);
	visorfs_unpack_close(&l->unpack);
	vfree(l->headers);
	kvfree(l->list);
	kvfree(l->parents);
	kfree(l);
	if (!ret)
		return td;
	visorfs_tardisk_put(td);
	return ERR_PTR(ret);
}

struct visorfs_tardisk *visorfs_tardisk_find(struct visorfs_sb *sbi, const char *name)
{
	struct visorfs_tardisk *td;

	list_for_each_entry(td, &sbi->tardisks, list)
		if (!strcmp(td->name, name))
			return td;
	return NULL;
}

/*
 * Frees what the slots of a file hold. A folio that was never in a page cache
 * has one reference for all of its slots; others have one for each slot.
 */
void visorfs_tardisk_free_pages(struct visorfs_tardisk *td, const struct visorfs_obj *obj)
{
	u32 pages = visorfs_obj_pages(obj);
	u32 i = 0;

	while (i < pages) {
		unsigned long *slot = &td->slots[obj->page + i];
		struct page *page = (struct page *)(*slot & ~VISORFS_SLOT_USED);
		u32 n = 1;

		if (page && !(*slot & VISORFS_SLOT_USED))
			n = folio_nr_pages(page_folio(page));
		memset(slot, 0, n * sizeof(*slot));
		if (page)
			put_page(page);
		i += n;
	}
}

static void release(struct kref *ref)
{
	struct visorfs_tardisk *td = container_of(ref, struct visorfs_tardisk, ref);
	u32 i;

	for (i = 0; td->slots && i < td->count; i++)
		if (td->objs[i].td && S_ISREG(td->objs[i].mode))
			visorfs_tardisk_free_pages(td, &td->objs[i]);
	kvfree(td->slots);
	kvfree(td->strings);
	kvfree(td->objs);
	kvfree(td->entries);
	if (td->kobj.state_initialized)
		kobject_put(&td->kobj);
	else
		kfree(td);
}

void visorfs_tardisk_put(struct visorfs_tardisk *td)
{
	kref_put(&td->ref, release);
}
