// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flips one bit of a tardisk's file in memory, behind the back of visorfs, as
 * radiation does: insmod flip.ko path=/bin/true offset=4711 bit=3. With
 * what=COUNT bits of the structure behind the path are flipped instead: a count
 * that the check of invariants knows, or with "packed" what its tardisk keeps. For tests only; no
 * image has it.
 */
#include <linux/highmem.h>
#include <linux/module.h>
#include <linux/namei.h>

#include "internal.h"

static char *what = "page";
module_param(what, charp, 0);
static char *path = "";
module_param(path, charp, 0);
static ulong offset;
module_param(offset, ulong, 0);
static uint bit;
module_param(bit, uint, 0);

/* The pristine page: in its slot, or in the page cache. With a reference. */
static struct page *find_page(struct inode *inode, pgoff_t index)
{
	struct visorfs_inode *vi = VI(inode);
	struct folio *folio;
	struct page *page;

	if (!vi->obj || index >= visorfs_obj_pages(vi->obj))
		return NULL;
	page = visorfs_slot_page(vi->td->slots[vi->obj->page + index]);
	if (page) {
		get_page(page);
		return page;
	}
	folio = filemap_get_folio(inode->i_mapping, index);
	return IS_ERR(folio) ? NULL : folio_file_page(folio, index);
}

static int flip_page(struct inode *inode)
{
	struct page *page = find_page(inode, offset >> PAGE_SHIFT);
	u8 *at;

	if (!page)
		return -ENODATA;
	at = kmap_local_page(page);
	at[offset & ~PAGE_MASK] ^= 1 << bit % 8;
	kunmap_local(at);
	put_page(page);
	return 0;
}

static int flip_count(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);

	if (!strcmp(what, "packed") && vi->td && vi->td->compressed)
		vi->td->compressed->data[offset] ^= 1 << bit;
	else if (!strcmp(what, "charged"))
		vi->charged ^= 1 << bit;
	else if (!strcmp(what, "shared"))
		vi->shared ^= 1 << bit;
	else if (!strcmp(what, "used") && vi->rd)
		atomic64_xor(1 << bit, &vi->rd->pages.used);
	else if (!strcmp(what, "visible") && vi->dir)
		vi->dir->visible ^= 1 << bit;
	else if (!strcmp(what, "providers") && vi->dir)
		vi->dir->providers ^= 1 << bit;
	else if (!strcmp(what, "cookie") && vi->entry)
		vi->entry->cookie ^= 1 << bit;
	else
		return -EINVAL;
	return 0;
}

static int __init flip_init(void)
{
	struct inode *inode;
	struct path p;
	int ret = kern_path(path, LOOKUP_FOLLOW, &p);

	if (ret)
		return ret;
	inode = d_inode(p.dentry);
	if (inode->i_sb->s_magic != VISORFS_MAGIC)
		ret = -EINVAL;
	else if (strcmp(what, "page"))
		ret = flip_count(inode);
	else
		ret = S_ISREG(inode->i_mode) ? flip_page(inode) : -EISDIR;
	path_put(&p);
	return ret;
}

static void __exit flip_exit(void)
{
}

module_init(flip_init);
module_exit(flip_exit);
MODULE_DESCRIPTION("Flips a bit of a file in memory, for tests");
MODULE_LICENSE("GPL");
