// SPDX-License-Identifier: GPL-2.0-only
/* The module: one file system type, one slab, one sysfs folder. */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/module.h>
#include <linux/slab.h>

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

/* After the super block has gone: nothing refers to the namespace any more. */
static void free_namespace(struct visorfs_sb *sbi)
{
	struct visorfs_tardisk *td, *next_td;
	struct visorfs_ramdisk *rd, *next_rd;

	list_for_each_entry_safe(td, next_td, &sbi->tardisks, list) {
		list_del_init(&td->list);
		if (td->kobj.state_initialized)
			kobject_del(&td->kobj);
		visorfs_tardisk_put(td);
	}
	list_for_each_entry_safe(rd, next_rd, &sbi->ramdisks, list) {
		list_del(&rd->list);
		visorfs_ramdisk_free(rd);
	}
	visorfs_free_dirs(sbi);
	visorfs_names_exit(sbi);
	visorfs_sysfs_remove(sbi);
}

static void kill_sb(struct super_block *sb)
{
	struct visorfs_sb *sbi = VSB(sb);

	kill_anon_super(sb);
	if (sbi)
		free_namespace(sbi);
}

static struct file_system_type visorfs_type = {
	.owner = THIS_MODULE,
	.name = "visorfs",
	.init_fs_context = visorfs_init_fs_context,
	.parameters = visorfs_parameters,
	.kill_sb = kill_sb,
};

static int __init visorfs_init(void)
{
	int ret = visorfs_inode_cache_init();

	if (ret)
		return ret;
	visorfs_kobj = kobject_create_and_add("visorfs", fs_kobj);
	if (!visorfs_kobj) {
		visorfs_inode_cache_exit();
		return -ENOMEM;
	}
	ret = register_filesystem(&visorfs_type);
	if (ret) {
		kobject_put(visorfs_kobj);
		visorfs_inode_cache_exit();
	}
	return ret;
}

static void __exit visorfs_exit(void)
{
	unregister_filesystem(&visorfs_type);
	kobject_put(visorfs_kobj);
	visorfs_inode_cache_exit();
}

module_init(visorfs_init);
module_exit(visorfs_exit);
MODULE_DESCRIPTION("Root file system of mounted archives and capped ramdisks");
MODULE_LICENSE("GPL");
MODULE_ALIAS_FS("visorfs");
