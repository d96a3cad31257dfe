// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounting. So that stage 0 needs nothing but mount(8), options attach
 * tardisks and make ramdisks, at the first mount and at each remount:
 *
 *	max=SIZE, inodes=N, min=SIZE          the root's ramdisk; 32m, 8192 and 0
 *	verify, noverify                      compare tardisks with their digests
 *	tardisk=PATH                          may be repeated; in this order
 *	packed=PATH                           the same, and it stays compressed
 *	ramdisk=NAME:PATH:MAX:INODES[:MIN]    may be repeated; PATH in the new root
 *	state=PATH[:PATH]...                  see state_dirs.c; the last one counts
 *	exec_installed_only                   see exec.c; cannot be taken back
 *
 * Sizes take k, m and g. Tardisks of one mount are attached one after the
 * other: what failed is named, and those before it stay.
 */
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/namei.h>
#include <linux/slab.h>

#include "internal.h"
#include "spec.h"

#define DEFAULT_MAX (32u << 20)
#define DEFAULT_INODES 8192

enum {
	OPT_MAX, OPT_MIN, OPT_INODES, OPT_VERIFY, OPT_TARDISK, OPT_PACKED, OPT_RAMDISK, OPT_STATE,
	OPT_EXEC
};

const struct fs_parameter_spec visorfs_parameters[] = {
	fsparam_string("max", OPT_MAX),
	fsparam_string("min", OPT_MIN),
	fsparam_u64("inodes", OPT_INODES),
	fsparam_flag_no("verify", OPT_VERIFY),
	fsparam_string("tardisk", OPT_TARDISK),
	fsparam_string("packed", OPT_PACKED),
	fsparam_string("ramdisk", OPT_RAMDISK),
	fsparam_string("state", OPT_STATE),
	fsparam_flag("exec_installed_only", OPT_EXEC),
	{}
};

struct option {
	struct list_head list;
	int opt;
	char *value;
};

struct options {
	struct visorfs_limits limits; /* of the root's ramdisk */
	bool limited; /* one of them was given */
	bool verify;
	bool exec_only;
	struct list_head list; /* tardisks, ramdisks and directories of state in order */
};

static int add_option(struct options *opts, int opt, struct fs_parameter *param)
{
	struct option *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->opt = opt;
	o->value = param->string;
	param->string = NULL;
	list_add_tail(&o->list, &opts->list);
	return 0;
}

static int parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct options *opts = fc->fs_private;
	struct fs_parse_result result;
	int opt = fs_parse(fc, visorfs_parameters, param, &result);

	switch (opt) {
	case OPT_MAX:
		opts->limited = true;
		if (visorfs_parse_size(param->string, &opts->limits.max))
			return invalf(fc, "visorfs: max=%s: is no size", param->string);
		return 0;
	case OPT_MIN:
		opts->limited = true;
		if (visorfs_parse_size(param->string, &opts->limits.min))
			return invalf(fc, "visorfs: min=%s: is no size", param->string);
		return 0;
	case OPT_INODES:
		opts->limited = true;
		opts->limits.inodes = result.uint_64;
		return 0;
	case OPT_VERIFY:
		opts->verify = !result.negated;
		return 0;
	case OPT_TARDISK:
	case OPT_PACKED:
	case OPT_RAMDISK:
	case OPT_STATE:
		return add_option(opts, opt, param);
	case OPT_EXEC:
		opts->exec_only = true;
		return 0;
	default:
		return opt;
	}
}

/* The directory of this path, which is cut up, or NULL. The caller holds sw. */
struct visorfs_dir *visorfs_walk(struct visorfs_sb *sbi, char *path)
{
	struct visorfs_dir *dir = sbi->root;
	char *name;

	while (dir && (name = strsep(&path, "/"))) {
		struct visorfs_entry *e;

		if (!*name)
			continue;
		e = visorfs_find(sbi, dir, name, strlen(name));
		dir = e ? visorfs_entry_dir(e) : NULL;
	}
	return dir;
}

static int add_ramdisk(struct visorfs_sb *sbi, char *value, struct visorfs_msg *msg)
{
	struct visorfs_ramdisk_spec spec;
	struct visorfs_ramdisk *rd;
	struct visorfs_dir *dir;
	int ret = visorfs_parse_ramdisk(value, &spec, msg);

	if (ret)
		return ret;
	down_read(&sbi->sw);
	dir = visorfs_walk(sbi, spec.path);
	if (dir)
		kref_get(&dir->ref);
	up_read(&sbi->sw);
	if (!dir)
		return visorfs_fail(msg, -ENOENT, "ramdisk %s: its directory does not exist",
				    spec.name);
	mutex_lock(&sbi->switch_mutex);
	rd = visorfs_ramdisk_add(sbi, dir, spec.name, &spec.limits, msg);
	mutex_unlock(&sbi->switch_mutex);
	visorfs_put_dir(sbi, dir);
	return PTR_ERR_OR_ZERO(rd);
}

static void tell(struct fs_context *fc, const struct visorfs_msg *msg)
{
	/* Already in the log, if mount(8) has no better place for it. */
	if (fc->log.log && msg->text[0])
		errorf(fc, "visorfs: %s", msg->text);
}

static int apply_one(struct visorfs_sb *sbi, const struct option *o, struct visorfs_msg *msg)
{
	switch (o->opt) {
	case OPT_RAMDISK:
		return add_ramdisk(sbi, o->value, msg);
	case OPT_STATE:
		return visorfs_state_dirs(sbi, o->value, msg);
	default:
		return visorfs_attach_path(sbi, o->value, o->opt == OPT_PACKED, msg);
	}
}

static int apply(struct visorfs_sb *sbi, struct fs_context *fc)
{
	struct options *opts = fc->fs_private;
	struct visorfs_msg *msg;
	struct option *o;
	int ret = visorfs_scrub_enable(sbi, opts->verify);

	if (ret)
		return ret;
	msg = kzalloc(sizeof(*msg), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	list_for_each_entry(o, &opts->list, list) {
		ret = apply_one(sbi, o, msg);
		if (ret) {
			tell(fc, msg);
			break;
		}
	}
	kfree(msg);
	if (!ret && opts->exec_only)
		visorfs_exec_restrict(sbi);
	return ret;
}

static int init_root(struct visorfs_sb *sbi, struct fs_context *fc)
{
	struct options *opts = fc->fs_private;
	struct visorfs_msg msg = {};
	struct visorfs_ramdisk *rd;
	struct inode *inode;

	sbi->root = visorfs_new_dir(sbi, NULL);
	if (!sbi->root)
		return -ENOMEM;
	sbi->root->mode = 0755;
	sbi->root->own = true;
	sbi->root->providers = 1;
	ktime_get_real_ts64(&sbi->root->mtime);
	sbi->root->ctime = sbi->root->mtime;
	sbi->root->atime = sbi->root->mtime;
	sbi->root->born = sbi->root->mtime;
	mutex_lock(&sbi->switch_mutex);
	rd = visorfs_ramdisk_add(sbi, sbi->root, "root", &opts->limits, &msg);
	mutex_unlock(&sbi->switch_mutex);
	tell(fc, &msg);
	if (IS_ERR(rd))
		return PTR_ERR(rd);
	inode = visorfs_dir_inode(sbi, sbi->root);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	sbi->sb->s_root = d_make_root(inode);
	return sbi->sb->s_root ? 0 : -ENOMEM;
}

static void init_sbi(struct visorfs_sb *sbi, struct super_block *sb)
{
	static atomic_t instances = ATOMIC_INIT(0);

	sbi->sb = sb;
	sbi->instance = atomic_fetch_inc(&instances);
	init_rwsem(&sbi->sw);
	mutex_init(&sbi->switch_mutex);
	INIT_LIST_HEAD(&sbi->tardisks);
	INIT_LIST_HEAD(&sbi->ramdisks);
	INIT_LIST_HEAD(&sbi->dirs);
	INIT_LIST_HEAD(&sbi->changed);
	INIT_LIST_HEAD(&sbi->removed);
	visorfs_scrub_init(sbi);
	spin_lock_init(&sbi->dirs_lock);
	spin_lock_init(&sbi->ramdisks_lock);
	spin_lock_init(&sbi->state_lock);
	visorfs_cache_init(sbi);
}

static int fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct visorfs_sb *sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	int ret;

	if (!sbi)
		return -ENOMEM;
	init_sbi(sbi, sb);
	ret = visorfs_names_init(sbi);
	if (ret) {
		kfree(sbi);
		return ret;
	}
	/* From here on kill_sb() frees it. */
	sb->s_fs_info = sbi;
	sb->s_magic = VISORFS_MAGIC;
	sb->s_op = &visorfs_super_ops;
	sb->s_xattr = visorfs_xattr_handlers;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	sb->s_time_gran = 1;
	sb->s_flags |= SB_NOSEC;
	sb->s_export_op = &visorfs_export_ops;
	visorfs_exec_init(sbi);
	ret = visorfs_sysfs_add(sbi) ?: visorfs_scrub_add(sbi);
	if (!ret)
		ret = init_root(sbi, fc);
	if (!ret)
		ret = apply(sbi, fc);
	return ret;
}

static int get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, fill_super);
}

static int reconfigure(struct fs_context *fc)
{
	struct visorfs_sb *sbi = VSB(fc->root->d_sb);
	struct options *opts = fc->fs_private;
	struct visorfs_msg msg = {};
	int ret = 0;

	sync_filesystem(sbi->sb);
	if (opts->limited) {
		mutex_lock(&sbi->switch_mutex);
		ret = visorfs_ramdisk_resize(sbi, "root", &opts->limits, &msg);
		mutex_unlock(&sbi->switch_mutex);
		tell(fc, &msg);
	}
	return ret ?: apply(sbi, fc);
}

static void free_fc(struct fs_context *fc)
{
	struct options *opts = fc->fs_private;
	struct option *o, *next;

	if (!opts)
		return;
	list_for_each_entry_safe(o, next, &opts->list, list) {
		kfree(o->value);
		kfree(o);
	}
	kfree(opts);
}

static const struct fs_context_operations context_ops = {
	.parse_param = parse_param,
	.get_tree = get_tree,
	.reconfigure = reconfigure,
	.free = free_fc,
};

int visorfs_init_fs_context(struct fs_context *fc)
{
	struct options *opts = kzalloc(sizeof(*opts), GFP_KERNEL);

	if (!opts)
		return -ENOMEM;
	opts->limits.max = DEFAULT_MAX;
	opts->limits.inodes = DEFAULT_INODES;
	if (fc->root) {
		struct visorfs_ramdisk *rd = VSB(fc->root->d_sb)->root->rd;

		opts->verify = READ_ONCE(VSB(fc->root->d_sb)->verify);
		opts->limits.max = atomic64_read(&rd->pages.max) << PAGE_SHIFT;
		opts->limits.min = rd->min << PAGE_SHIFT;
		opts->limits.inodes = atomic64_read(&rd->inodes.max);
	}
	INIT_LIST_HEAD(&opts->list);
	fc->fs_private = opts;
	fc->ops = &context_ops;
	return 0;
}
