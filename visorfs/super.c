// SPDX-License-Identifier: GPL-2.0-only
/* The module and the super block: one file system type, one slab, one sysfs folder. */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/seq_file.h>
#include <linux/statfs.h>

#include "internal.h"

struct kobject *visorfs_kobj;

/*
 * Makes a line for the caller, says it in the log as well, and returns err. A
 * message that is there already stays: it was made nearer to the failure.
 */
int visorfs_fail(struct visorfs_msg *msg, int err, const char *fmt, ...)
{
	va_list args;

	if (!msg)
		return err;
	if (!msg->text[0]) {
		va_start(args, fmt);
		vsnprintf(msg->text, sizeof(msg->text), fmt, args);
		va_end(args);
		pr_warn("%s\n", msg->text);
	}
	return err;
}

static int statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct inode *inode = d_inode(dentry);
	struct visorfs_inode *vi = VI(inode);
	struct visorfs_sb *sbi = VSB(dentry->d_sb);
	struct visorfs_ramdisk *rd;
	s64 max, files;

	/* sw: a ramdisk may be on its way out */
	down_read(&sbi->sw);
	rd = vi->dir ? vi->dir->rd : vi->rd;
	if (!rd)
		rd = visorfs_home(inode);
	max = atomic64_read(&rd->pages.max);
	files = atomic64_read(&rd->inodes.max);
	buf->f_type = VISORFS_MAGIC;
	buf->f_fsid = u64_to_fsid(huge_encode_dev(dentry->d_sb->s_dev));
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
	buf->f_blocks = max;
	buf->f_bfree = max(max - (s64)atomic64_read(&rd->pages.used), 0LL);
	buf->f_bavail = buf->f_bfree;
	buf->f_files = files;
	buf->f_ffree = max(files - (s64)atomic64_read(&rd->inodes.used), 0LL);
	up_read(&sbi->sw);
	return 0;
}

static int show_options(struct seq_file *m, struct dentry *root)
{
	struct visorfs_ramdisk *rd = VSB(root->d_sb)->root->rd;

	seq_printf(m, ",max=%lldk,inodes=%lld",
		   (s64)atomic64_read(&rd->pages.max) << (PAGE_SHIFT - 10),
		   (s64)atomic64_read(&rd->inodes.max));
	if (READ_ONCE(VSB(root->d_sb)->verify))
		seq_puts(m, ",verify");
	if (READ_ONCE(VSB(root->d_sb)->exec_restricted))
		seq_puts(m, ",exec_installed_only");
	return 0;
}

/* Lets go of everything that pins inodes; what they held goes with them. */
static void put_super(struct super_block *sb)
{
	struct visorfs_sb *sbi = VSB(sb);
	struct visorfs_tardisk *td;
	struct visorfs_dir *dir;
	struct visorfs_entry *e;
	u32 cookie, i;

	sbi->dying = true;
	list_for_each_entry(td, &sbi->tardisks, list) {
		for (i = 0; i < td->count; i++) {
			struct visorfs_obj *obj = &td->objs[i];

			if (obj->e.type != DT_DIR && obj->pinned)
				visorfs_unpin(obj->e.inode);
		}
	}
	list_for_each_entry(dir, &sbi->dirs, list) {
		for (cookie = 0; (e = visorfs_next_name(sbi, dir, &cookie)); cookie++) {
			if (e->td)
				continue;
			visorfs_pull(sbi, e);
			if (e->type != DT_DIR && e->type != DT_WHT)
				iput(e->inode);
			visorfs_free_upper(e);
		}
	}
}

const struct super_operations visorfs_super_ops = {
	.alloc_inode = visorfs_alloc_inode,
	.free_inode = visorfs_free_inode,
	.drop_inode = generic_drop_inode,
	.evict_inode = visorfs_evict_inode,
	.statfs = statfs,
	.show_options = show_options,
	.put_super = put_super,
};

/* After the super block has gone: nothing refers to the namespace any more. */
static void free_namespace(struct visorfs_sb *sbi)
{
	struct visorfs_tardisk *td, *next_td;
	struct visorfs_ramdisk *rd, *next_rd;

	list_for_each_entry_safe(td, next_td, &sbi->tardisks, list) {
		list_del_init(&td->list);
		if (td->kobj.state_in_sysfs)
			kobject_del(&td->kobj);
		visorfs_tardisk_put(td);
	}
	list_for_each_entry_safe(rd, next_rd, &sbi->ramdisks, list) {
		list_del(&rd->list);
		visorfs_ramdisk_free(rd);
	}
	visorfs_inflaters_free(sbi);
	visorfs_free_dirs(sbi);
	visorfs_names_exit(sbi);
	visorfs_scrub_remove(sbi);
	visorfs_exec_exit(sbi);
	visorfs_sysfs_remove(sbi);
}

static void kill_sb(struct super_block *sb)
{
	struct visorfs_sb *sbi = VSB(sb);

	if (sbi) {
		visorfs_scrub_stop(sbi);
		visorfs_cache_stop(sbi);
	}
	kill_anon_super(sb);
	if (sbi)
		free_namespace(sbi);
}

struct file_system_type visorfs_type = {
	.owner = THIS_MODULE,
	.name = "visorfs",
	.init_fs_context = visorfs_init_fs_context,
	.parameters = visorfs_parameters,
	.kill_sb = kill_sb,
};

static int __init visorfs_init(void)
{
	int ret = visorfs_zero_init();

	if (ret)
		return ret;
	ret = visorfs_trust_init();
	if (ret)
		goto no_trust;
	ret = visorfs_inode_cache_init();
	if (ret)
		goto no_cache;
	ret = -ENOMEM;
	visorfs_kobj = kobject_create_and_add("visorfs", fs_kobj);
	if (!visorfs_kobj)
		goto no_kobj;
	ret = register_filesystem(&visorfs_type);
	if (!ret)
		return 0;
	kobject_put(visorfs_kobj);
no_kobj:
	visorfs_inode_cache_exit();
no_cache:
	visorfs_trust_exit();
no_trust:
	visorfs_zero_exit();
	return ret;
}

static void __exit visorfs_exit(void)
{
	unregister_filesystem(&visorfs_type);
	kobject_put(visorfs_kobj);
	visorfs_inode_cache_exit();
	visorfs_trust_exit();
	visorfs_zero_exit();
}

module_init(visorfs_init);
module_exit(visorfs_exit);
MODULE_DESCRIPTION("Root file system of mounted archives and capped ramdisks");
MODULE_LICENSE("GPL");
MODULE_ALIAS_FS("visorfs");
