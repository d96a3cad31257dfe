/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the kernel: inodes, and what is only named or never reached. */
#ifndef MODEL_KERNEL_FS_H
#define MODEL_KERNEL_FS_H

#include "base.h"
#include "memory.h"
#include "lock.h"

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};
struct kobject {
	int state_initialized, state_in_sysfs;
};
struct address_space {
	unsigned long nrpages;
};
struct super_block {
	void *s_fs_info;
};
struct inode {
	umode_t i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned int i_nlink;
	u64 i_ino;
	s64 i_size;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	atomic_t i_readcount;
};
struct page;
struct folio;
/* Only named, in declarations. */
struct fs_context;
struct fs_parameter_spec {
	int unused;
};
struct mnt_idmap;
struct iattr;
struct dentry;
struct kstat;
struct path;
struct fileattr;
struct kernfs_node;
struct kset;
struct vm_fault;
struct vm_area_struct;
struct qstr {
	const char *name;
	u32 len;
};

#define QSTR_INIT(n, l)             \
	{                           \
		.name = n, .len = l \
	}
#define S_IFDIR_MODE S_IFDIR
#define make_kuid(ns, id) ((kuid_t){ id })
#define make_kgid(ns, id) ((kgid_t){ id })
#define pfn_to_page(pfn) ((struct page *)(uintptr_t)(pfn))
#define page_to_pfn(page) ((unsigned long)(uintptr_t)(page))
#define i_size_read(inode) ((inode)->i_size)
#define inode_set_mtime_to_ts(inode, ts) ((void)(ts))
#define inode_set_atime_to_ts(inode, ts) ((void)(ts))
#define inode_set_ctime_to_ts(inode, ts) ((void)(ts))
#define S_DEAD 0
#define inode_set_flags(inode, flags, mask) ((void)(inode))
#define inode_set_ctime_current(inode) ((void)(inode))
#define ktime_get_real_ts64(ts) ((void)(ts))
#define inode_get_mtime(inode) ((struct timespec64){ 0 })
#define inode_get_atime(inode) ((struct timespec64){ 0 })
#define inode_get_ctime(inode) ((struct timespec64){ 0 })

/* No inode is ever cached here: the namespace stands alone. */
static inline struct inode *ilookup(struct super_block *sb, u64 ino)
{
	(void)sb;
	(void)ino;
	return NULL;
}

static inline void iput(struct inode *inode)
{
	(void)inode;
}

/* Objects have no inodes, tardisks no pages and no folder: none of these is reached. */
struct file;
#define igrab(inode) (inode)
#define drop_nlink(inode) ((void)(inode))
#define clear_nlink(inode) ((void)(inode))
#define page_folio(page) ((struct folio *)(page))
#define folio_nr_pages(folio) 1
#define put_page(page) ((void)(page))
#define kobject_put(kobj) ((void)(kobj))
#define kobject_del(kobj) ((void)(kobj))
#define synchronize_rcu() ((void)0)
#define pr_info(...) ((void)0)
#define pr_warn(...) ((void)0)
#define O_LARGEFILE_FLAG 0
#define filp_open(path, flags, mode) ((struct file *)ERR_PTR(-ENOENT))
#define fput(file) ((void)(file))
#define kbasename(path) (path)
#define PTR_ERR(p) ((long)(p))
#define PTR_ERR_OR_ZERO(p) (IS_ERR(p) ? (int)PTR_ERR(p) : 0)

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	return (ssize_t)snprintf(to, size, "%s", from);
}

static inline void set_nlink(struct inode *inode, unsigned int n)
{
	inode->i_nlink = n;
}

#endif
