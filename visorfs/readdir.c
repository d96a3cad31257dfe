// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listing directories. A name keeps its position for as long as any provider
 * has it, so a reader that comes back after changes neither misses nor
 * repeats what was there all the time.
 */
#include <linux/uaccess.h>

#include "internal.h"

static __always_inline u64 number_of(const struct visorfs_entry *e)
{
	if (e->type == DT_DIR)
		return visorfs_entry_dir(e)->ino;
	if (e->td)
		return visorfs_obj_ino(visorfs_obj(e));
	return e->inode->i_ino;
}

/* One call of a reader. */
struct listing {
	struct visorfs_sb *sbi;
	struct visorfs_dir *dir;
	struct dir_context *ctx;
	u64 switches; /* of sbi, when the first name was given */
	bool given;
};

/* Whether what is there now may be given along with what was given before; sw is held. */
static bool same_state(struct listing *l)
{
	if (!l->given)
		l->switches = l->sbi->switches;
	return l->switches == l->sbi->switches;
}

/* The next name that is seen, at *cookie or after it. Inline: it is most of a reader's work. */
static __always_inline struct visorfs_entry *next_visible(struct listing *l, u32 *cookie)
{
	struct visorfs_entry *e;

	while ((e = visorfs_next_name(l->sbi, l->dir, cookie)) && e->type == DT_WHT)
		++*cookie;
	return e;
}

/*
 * Gives names from where they lie. Returns true if the reader has no room, or
 * some that would fault: giving may not sleep for his memory with sw held. The
 * name at hand is left to give_copy(), that tells the one from the other.
 */
static bool give_names(struct listing *l)
{
	struct dir_context *ctx = l->ctx;
	struct visorfs_entry *e;
	u32 next = ctx->pos;
	bool stuck = false;

	down_read(&l->sbi->sw);
	pagefault_disable();
	if (same_state(l)) {
		for (; (e = next_visible(l, &next)); next++) {
			ctx->pos = next;
			stuck = !dir_emit(ctx, visorfs_name(e), e->len, number_of(e), e->type);
			if (stuck)
				break;
			l->given = true;
		}
	}
	pagefault_enable();
	up_read(&l->sbi->sw);
	ctx->pos = next;
	return stuck;
}

/* Gives one name without sw. False if there is none, or no room for it. */
static noinline_for_stack bool give_copy(struct listing *l)
{
	struct visorfs_entry *e = NULL;
	char name[NAME_MAX];
	u32 next = l->ctx->pos;
	u8 len, type;
	u64 ino;

	down_read(&l->sbi->sw);
	if (same_state(l))
		e = next_visible(l, &next);
	if (e) {
		ino = number_of(e);
		type = e->type;
		len = e->len;
		memcpy(name, visorfs_name(e), len);
	}
	up_read(&l->sbi->sw);
	l->ctx->pos = next;
	if (!e || !dir_emit(l->ctx, name, len, ino, type))
		return false;
	l->ctx->pos++;
	l->given = true;
	return true;
}

/* What one call gives is of one state: it ends early if the namespace is switched. */
static int iterate(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file_inode(file);
	struct listing l = { .sbi = VSB(inode->i_sb), .dir = VI(inode)->dir, .ctx = ctx };

	if (!dir_emit_dots(file, ctx))
		return 0;
	while (give_names(&l) && give_copy(&l))
		;
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
