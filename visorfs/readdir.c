// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listing directories. A name keeps its position for as long as any provider
 * has it, so a reader that comes back after changes neither misses nor
 * repeats what was there all the time.
 */
#include "internal.h"

static u64 number_of(const struct visorfs_entry *e)
{
	if (e->type == DT_DIR)
		return visorfs_entry_dir(e)->ino;
	if (e->td)
		return visorfs_obj_ino(visorfs_obj(e));
	return e->inode->i_ino;
}

static int iterate(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file_inode(file);
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_dir *dir = VI(inode)->dir;
	struct visorfs_entry *e;
	u32 cookie;

	if (!dir_emit_dots(file, ctx))
		return 0;
	cookie = ctx->pos;
	down_read(&sbi->sw);
	while ((e = visorfs_next_name(sbi, dir, &cookie))) {
		ctx->pos = cookie;
		if (e->type != DT_WHT &&
		    !dir_emit(ctx, visorfs_name(e), e->len, number_of(e), e->type))
			break;
		ctx->pos = ++cookie;
	}
	up_read(&sbi->sw);
	return 0;
}

const struct file_operations visorfs_dir_ops = {
	.llseek = generic_file_llseek,
	.read = generic_read_dir,
	.iterate_shared = iterate,
	.fsync = noop_fsync,
	.unlocked_ioctl = visorfs_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
