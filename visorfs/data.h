/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * visorfs: the pages of files.
 */
#ifndef VISORFS_DATA_H
#define VISORFS_DATA_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>

struct visorfs_inode;
struct visorfs_packed;
struct visorfs_ramdisk;
struct visorfs_sb;
struct visorfs_tardisk;

/* file.c */
extern const struct file_operations visorfs_file_ops;
bool visorfs_is_open(const struct inode *inode);
int visorfs_prepare_write(struct file *file);
bool visorfs_has_holes(struct inode *inode);
int visorfs_truncate(struct dentry *dentry, loff_t size);

/* pages.c */
extern const struct address_space_operations visorfs_aops;
int visorfs_populate(struct inode *inode);
struct folio *visorfs_new_folio(struct inode *inode, pgoff_t index, size_t len, bool paid);
vm_fault_t visorfs_page_mkwrite(struct vm_fault *vmf);
vm_fault_t visorfs_map_pages(struct vm_fault *vmf, pgoff_t start, pgoff_t end);
int visorfs_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			unsigned int len, struct folio **foliop, void **fsdata);
int visorfs_write_end(struct file *file, struct address_space *mapping, loff_t pos,
		      unsigned int len, unsigned int copied, struct folio *folio, void *fsdata);

/* branch.c */
struct visorfs_ramdisk *visorfs_home(struct inode *inode);
int visorfs_branch(struct inode *inode, struct dentry *dentry);
bool visorfs_is_pristine(const struct visorfs_inode *vi, pgoff_t index);
int visorfs_save_page(struct inode *inode, struct folio *folio, pgoff_t index);
int visorfs_save_tail(struct inode *inode, loff_t size);
void visorfs_save_range(struct inode *inode, pgoff_t first, pgoff_t end);
int visorfs_replace_shared(struct inode *inode, struct folio *folio, pgoff_t keep);
void visorfs_give_back(struct inode *inode);
void visorfs_become_own(struct inode *inode);

/* split.c */
int visorfs_split_at(struct inode *inode, pgoff_t first, bool cut);

/* holes.c */
bool visorfs_can_be_made(struct inode *inode, pgoff_t index);
long visorfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len);
void visorfs_zero_tail(struct inode *inode);
loff_t visorfs_llseek(struct file *file, loff_t offset, int whence);

/* zero.c: holes in mappings */
extern const struct vm_operations_struct visorfs_vm_ops;
int visorfs_zero_init(void);
void visorfs_zero_exit(void);
void visorfs_hole_filled(struct inode *inode, pgoff_t index, pgoff_t count);

/* packed.c */
extern const struct address_space_operations visorfs_packed_aops;
void visorfs_packed_free(struct visorfs_packed *p);
struct folio *visorfs_lock_folio(struct inode *inode, pgoff_t index);
int visorfs_take_page(struct inode *inode, struct folio *folio, pgoff_t index);
void visorfs_cut_range(struct visorfs_inode *vi, pgoff_t first, pgoff_t end);
s64 visorfs_own_pages(struct inode *inode);
s64 visorfs_pristine_pages(const struct inode *inode);
int visorfs_unpack_branch(struct inode *inode);
void visorfs_repack_branch(struct inode *inode);
u64 visorfs_cache_share(const struct visorfs_tardisk *td);

/* cache.c */
void visorfs_cache_init(struct visorfs_sb *sbi);
void visorfs_cache_stop(struct visorfs_sb *sbi);
void visorfs_cache_added(struct inode *inode, u32 pages);
void visorfs_cache_drop(struct inode *inode);
void visorfs_cache_resize(struct visorfs_sb *sbi, s64 pages);

/* exec.c: execution from tardisks only */
void visorfs_exec_init(struct visorfs_sb *sbi);
void visorfs_exec_exit(struct visorfs_sb *sbi);
void visorfs_exec_restrict(struct visorfs_sb *sbi);
bool visorfs_exec_in_use(const struct visorfs_inode *vi);
int visorfs_permission(struct mnt_idmap *idmap, struct inode *inode, int mask);
bool visorfs_exec_forbidden(const struct inode *inode);
int visorfs_exec_mmap(struct vm_area_struct *vma);
int visorfs_exec_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  unsigned long flags);
void visorfs_exec_vma_open(struct vm_area_struct *vma);
void visorfs_exec_vma_close(struct vm_area_struct *vma);

#endif
