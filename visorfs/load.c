// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading a tardisk: checks it, and builds its entries, objects and pages
 * privately; the namespace knows nothing of it until the switch. A refused
 * one leaves no trace.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "load.h"
#include "spec.h"

/* Arrays of struct visorfs_load with one number for each entry, while it is built. */
#define INDEXES 4

int visorfs_refuse(struct visorfs_load *l, u64 offset, const char *field, const char *what)
{
	return visorfs_fail(l->msg, -EBADMSG, "%s: offset %llu: %s: %s", l->td->name, offset,
			    field, what);
}

static int alloc_folio(u32 *slots, u32 left, u32 index)
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
	if (folio_pfn(folio) + nr > VISORFS_SLOT_PFNS) {
		folio_put(folio);
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++)
		slots[i] = visorfs_slot(folio_page(folio, i));
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

static int alloc_data(struct visorfs_load *l)
{
	struct visorfs_tardisk *td = l->td;
	u32 i;

	for (i = 0; i < td->count; i++) {
		const struct visorfs_obj *obj = &td->objs[i];

		if (visorfs_is_file(obj) && alloc_pages_of(td, obj))
			return visorfs_fail(l->msg, -ENOMEM, "%s: no memory for its files",
					    td->name);
	}
	return 0;
}

/* A line of 64 bytes at a time, where it can; tail is not 0. */
static bool tail_is_zero(const void *page, u32 tail)
{
	const u64 *word = page + round_down(tail, 8), *end = page + PAGE_SIZE;

	if (tail % 8 && *word++ >> (tail % 8 * 8))
		return false;
	for (; !IS_ALIGNED((unsigned long)word, 64); word++)
		if (*word)
			return false;
	for (; word < end; word += 8)
		if (word[0] | word[1] | word[2] | word[3] | word[4] | word[5] | word[6] | word[7])
			return false;
	return true;
}

/* Bytes behind a file's end would be seen through a mapping of its last page. */
static int check_tails(struct visorfs_load *l)
{
	struct visorfs_tardisk *td = l->td;
	u32 i;

	for (i = 0; i < td->count; i++) {
		const struct visorfs_obj *obj = &td->objs[l->places[i]];
		u32 tail = obj->size & ~PAGE_MASK;
		struct page *page;

		if (!visorfs_is_file(obj) || !tail)
			continue;
		page = visorfs_slot_page(td->slots[obj->page + visorfs_obj_pages(obj) - 1]);
		if (!tail_is_zero(page_address(page), tail))
			return visorfs_refuse(l, l->list[i].at, "data", "padding is not zero");
	}
	return 0;
}

/* Refuses before anything is allocated that could push the host into shortage. */
static int check_memory(struct visorfs_load *l)
{
	u64 per_entry = sizeof(struct visorfs_obj) + sizeof(struct tardisk_entry) +
			INDEXES * sizeof(u32);
	u64 content = l->compressed ? l->td->packed : l->volume.size;
	u64 bytes = content + l->volume.headers + l->volume.entries * per_entry;
	u64 need = bytes >> PAGE_SHIFT;
	u64 have = max(visorfs_spare_pages(l->td->sbi), 0LL);

	if (need <= have)
		return 0;
	return visorfs_fail(l->msg, -ENOMEM,
			    "%s: needs %llu KiB of memory, %llu KiB are available", l->td->name,
			    need << (PAGE_SHIFT - 10), have << (PAGE_SHIFT - 10));
}

static int load_headers(struct visorfs_load *l)
{
	struct visorfs_tardisk *td = l->td;
	u32 count = l->volume.entries;
	size_t strings;
	int ret;

	l->list = kvcalloc(count + 1, sizeof(*l->list), GFP_KERNEL);
	l->parents = kvcalloc(INDEXES * (count + 1), sizeof(*l->parents), GFP_KERNEL);
	if (!l->list || !l->parents)
		return visorfs_fail(l->msg, -ENOMEM, "%s: no memory for its headers", td->name);
	l->kid_counts = l->parents + count + 1;
	l->kids = l->kid_counts + count + 1;
	l->places = l->kids + count + 1;
	ret = visorfs_unpack_headers(&l->unpack, l->volume.headers, &l->headers, l->msg);
	if (ret)
		return ret;
	if (tardisk_reader_init(&l->reader, l->headers, l->volume.headers))
		return visorfs_refuse(l, l->reader.error.offset, l->reader.error.field,
			      l->reader.error.what);
	ret = visorfs_check_entries(l, &strings);
	if (ret)
		return ret;
	td->count = count;
	td->objs = kvcalloc(count + 1, sizeof(*td->objs), GFP_KERNEL);
	td->strings = kvzalloc(strings, GFP_KERNEL);
	td->strings_size = strings;
	if (!td->objs || !td->strings)
		return visorfs_fail(l->msg, -ENOMEM, "%s: no memory for its entries", td->name);
	l->strings = 1;
	return visorfs_build_entries(l);
}

static int load_resident(struct visorfs_load *l)
{
	struct visorfs_tardisk *td = l->td;
	int ret;

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

static int load_compressed(struct visorfs_load *l)
{
	struct visorfs_tardisk *td = l->td;

	td->compressed = kzalloc(sizeof(*td->compressed), GFP_KERNEL);
	if (!td->compressed || visorfs_inflaters_reserve(td->sbi, l->volume.frame))
		return visorfs_fail(l->msg, -ENOMEM, "%s: no memory to unpack it", td->name);
	return visorfs_unpack_nothing(&l->unpack, td->compressed, td->pages, l->msg);
}

static int load_data(struct visorfs_load *l)
{
	l->td->pages = (l->volume.size - l->volume.headers) >> PAGE_SHIFT;
	return l->compressed ? load_compressed(l) : load_resident(l);
}

static int load(struct visorfs_load *l, struct file *file)
{
	int ret = visorfs_unpack_open(&l->unpack, file, l->td->name, l->msg);

	if (!ret)
		ret = visorfs_digests_demand(&l->unpack, l->how, l->msg);
	if (!ret)
		ret = visorfs_signature_admit(&l->td->signature, &l->unpack, l->msg);
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

/* Reads and checks a whole tardisk; the caller holds switch_mutex. ERR_PTR on failure. */
struct visorfs_tardisk *visorfs_tardisk_load(struct visorfs_sb *sbi, struct file *file,
					     const struct visorfs_attach *how,
					     struct visorfs_msg *msg)
{
	const char *name = how->name;
	struct visorfs_load *l;
	struct visorfs_tardisk *td;
	int ret;

	if (!visorfs_name_ok(name))
		return ERR_PTR(visorfs_fail(msg, -EINVAL, "%*pE: is no name for a tardisk",
					    (int)strnlen(name, VISORFS_NAME_MAX), name));
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
	l->how = how;
	l->compressed = how->flags & VISORFS_ATTACH_COMPRESSED;
	l->msg = msg;
	ret = load(l, file);
	swap(td->digests, l->unpack.digests);
	td->verified = l->unpack.verify;
	visorfs_unpack_close(&l->unpack);
	kvfree(l->headers);
	kvfree(l->list);
	kvfree(l->parents);
	kfree(l);
	if (!ret)
		return td;
	visorfs_tardisk_put(td);
	return ERR_PTR(ret);
}
