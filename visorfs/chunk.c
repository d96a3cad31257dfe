// SPDX-License-Identifier: GPL-2.0-only
/*
 * A chunk of a tardisk's data area as it lies in memory now: its pristine
 * pages, from slots and page caches. Nobody is kept waiting for longer than
 * it takes to copy a page.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sort.h>

#include "internal.h"

#define PAGES (TARDISK_CHUNK >> PAGE_SHIFT)
#define TRIES 10 /* to meet a page that is on its way */

static int by_place(const void *a, const void *b, const void *priv)
{
	const struct visorfs_tardisk *td = priv;
	u32 x = td->objs[*(const u32 *)a].page, y = td->objs[*(const u32 *)b].page;

	return x < y ? -1 : x > y;
}

/* The indexes of all regular files that have content, by place; NULL without memory. */
u32 *visorfs_files_by_place(const struct visorfs_tardisk *td, u32 *count)
{
	u32 *files = kvmalloc_array(td->files + 1, sizeof(*files), GFP_KERNEL | __GFP_NOWARN);
	u32 i;

	*count = 0;
	for (i = 0; files && i < td->count && *count < td->files; i++)
		if (visorfs_is_file(&td->objs[i]) && td->objs[i].size)
			files[(*count)++] = i;
	if (files)
		sort_r(files, *count, sizeof(*files), by_place, NULL, td);
	return files;
}

/* The file that a page of the data area belongs to. */
struct visorfs_obj *visorfs_chunk_file(const struct visorfs_chunk *c, u32 page)
{
	u32 low = 0, high = c->file_count;

	while (high - low > 1) {
		u32 mid = (low + high) / 2;

		if (c->td->objs[c->files[mid]].page <= page)
			low = mid;
		else
			high = mid;
	}
	return &c->td->objs[c->files[low]];
}

/*
 * A page in a slot. It may leave it for a page cache at any time, and change
 * there: only if it is still in the slot afterwards was the copy good.
 */
static bool copy_slot(const u32 *slot, void *to)
{
	u32 value = READ_ONCE(*slot);
	struct page *page = visorfs_slot_page(value);
	struct folio *folio;
	bool good = false;

	if (!page)
		return false;
	folio = page_folio(page);
	if (!folio_try_get(folio))
		return false;
	if (page_folio(page) == folio && READ_ONCE(*slot) == value) {
		memcpy_from_page(to, page, 0, PAGE_SIZE);
		smp_rmb(); /* first the page, then the slot again */
		good = READ_ONCE(*slot) == value;
	}
	folio_put(folio);
	return good;
}

/* A page in the page cache, which nobody has changed yet: whoever does so locks it first. */
static struct folio *lock_pristine(struct inode *inode, const u32 *slot, pgoff_t index)
{
	struct folio *folio = filemap_lock_folio(inode->i_mapping, index);

	if (IS_ERR(folio))
		return NULL;
	if (VI(inode)->populated && !READ_ONCE(*slot) && !VI(inode)->own)
		return folio;
	folio_unlock(folio);
	folio_put(folio);
	return NULL;
}

static bool copy_cached(const struct visorfs_obj *obj, const u32 *slot, pgoff_t index, void *to)
{
	struct inode *inode = visorfs_grab(obj);
	struct folio *folio;

	if (!inode)
		return false;
	folio = lock_pristine(inode, slot, index);
	if (folio) {
		memcpy_from_page(to, folio_file_page(folio, index), 0, PAGE_SIZE);
		folio_unlock(folio);
		folio_put(folio);
	}
	iput(inode);
	return folio;
}

/* Copies the chunk into c->data. -EAGAIN if one of its pages cannot be met. */
int visorfs_chunk_read(struct visorfs_chunk *c)
{
	u32 page = c->n * PAGES, i, try;

	for (i = 0; i < c->size >> PAGE_SHIFT; i++) {
		const struct visorfs_obj *obj = visorfs_chunk_file(c, page + i);
		const u32 *slot = &c->td->slots[page + i];
		void *to = c->data + ((size_t)i << PAGE_SHIFT);

		for (try = 0; try < TRIES; try++) {
			if (copy_slot(slot, to) || copy_cached(obj, slot, page + i - obj->page, to))
				break;
			schedule_timeout_uninterruptible(1);
		}
		if (try == TRIES)
			return -EAGAIN;
	}
	return 0;
}

bool visorfs_chunk_holds(const struct visorfs_chunk *c)
{
	return visorfs_sha256_is(c->sha, c->data, c->size,
				 c->td->digests.list.chunk + c->n * TARDISK_DIGEST);
}

/* Flips the bit in the page itself, if that is still what was read. */
static bool flip(const struct visorfs_chunk *c, struct page *page, u32 bit)
{
	const u8 *read = c->data + (bit / 8 & PAGE_MASK);
	u8 *at = kmap_local_page(page);
	bool same = !memcmp(at, read, PAGE_SIZE);

	if (same)
		at[bit / 8 & ~PAGE_MASK] ^= 1 << bit % 8;
	kunmap_local(at);
	return same;
}

static bool flip_slot(const struct visorfs_chunk *c, const u32 *slot, u32 bit)
{
	struct page *page = visorfs_slot_page(READ_ONCE(*slot));

	return page && flip(c, page, bit);
}

/*
 * In a slot the page stays while nobody can populate the file: while its
 * invalidate_lock is held, or sw if it has no inode, as none can be made then.
 */
static bool repair_slot(const struct visorfs_chunk *c, const struct visorfs_obj *obj,
			const u32 *slot, u32 bit)
{
	struct visorfs_sb *sbi = c->td->sbi;
	struct inode *inode;
	bool done = false;

	down_write(&sbi->sw);
	inode = visorfs_grab(obj);
	if (!inode && !READ_ONCE(obj->e.inode))
		done = flip_slot(c, slot, bit);
	up_write(&sbi->sw);
	if (!inode)
		return done;
	filemap_invalidate_lock(inode->i_mapping);
	done = flip_slot(c, slot, bit);
	filemap_invalidate_unlock(inode->i_mapping);
	iput(inode);
	return done;
}

static bool repair_cached(const struct visorfs_chunk *c, const struct visorfs_obj *obj,
			  const u32 *slot, pgoff_t index, u32 bit)
{
	struct inode *inode = visorfs_grab(obj);
	struct folio *folio;
	bool done = false;

	if (!inode)
		return false;
	folio = lock_pristine(inode, slot, index);
	if (folio) {
		done = flip(c, folio_file_page(folio, index), bit);
		folio_unlock(folio);
		folio_put(folio);
	}
	iput(inode);
	return done;
}

/* Flips a bit of the chunk where it lies. -EAGAIN if its page is no longer what was read. */
int visorfs_chunk_repair(struct visorfs_chunk *c, u32 bit)
{
	u32 page = c->n * PAGES + (bit / 8 >> PAGE_SHIFT);
	const struct visorfs_obj *obj = visorfs_chunk_file(c, page);
	const u32 *slot = &c->td->slots[page];

	if (repair_cached(c, obj, slot, page - obj->page, bit) || repair_slot(c, obj, slot, bit))
		return 0;
	return -EAGAIN;
}
