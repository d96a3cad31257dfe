// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listing directories. A name keeps its position for as long as any provider
 * has it, so a reader that comes back after changes neither misses nor
 * repeats what was there all the time.
 */
#include <linux/uaccess.h>

#include "internal.h"

#define BATCH 1024 /* bytes of names that are copied at a time */

static u64 number_of(const struct visorfs_entry *e)
{
	if (e->type == DT_DIR)
		return visorfs_entry_dir(e)->ino;
	if (e->td)
		return visorfs_obj_ino(visorfs_obj(e));
	return e->inode->i_ino;
}

/* Names on their way to a reader. */
struct batch {
	u32 len; /* bytes used of room */
	u32 next; /* position behind the last one */
	bool end;
	u8 room[BATCH] __aligned(8);
};

struct record {
	u64 ino;
	u32 cookie;
	u8 type;
	u8 len;
	char name[];
};

static struct record *add(struct batch *b, u32 name_len)
{
	u32 size = ALIGN(sizeof(struct record) + name_len, 8);
	struct record *r = (struct record *)(b->room + b->len);

	if (b->len + size > sizeof(b->room))
		return NULL;
	b->len += size;
	return r;
}

static void fill(struct visorfs_sb *sbi, struct visorfs_dir *dir, struct batch *b)
{
	struct visorfs_entry *e;
	struct record *r;

	b->len = 0;
	down_read(&sbi->sw);
	while ((e = visorfs_next_name(sbi, dir, &b->next))) {
		if (e->type != DT_WHT) {
			r = add(b, e->len);
			if (!r)
				break;
			r->ino = number_of(e);
			r->cookie = b->next;
			r->type = e->type;
			r->len = e->len;
			memcpy(r->name, visorfs_name(e), e->len);
		}
		b->next++;
	}
	up_read(&sbi->sw);
	b->end = !e;
}

/* False if the reader has no room for more. */
static bool emit(struct dir_context *ctx, const struct batch *b)
{
	const struct record *r;
	u32 at;

	for (at = 0; at < b->len; at += ALIGN(sizeof(*r) + r->len, 8)) {
		r = (const struct record *)(b->room + at);
		ctx->pos = r->cookie;
		if (!dir_emit(ctx, r->name, r->len, r->ino, r->type))
			return false;
	}
	ctx->pos = b->next;
	return true;
}

/*
 * Giving a name to the reader may fault on his memory, and that must not
 * happen with sw held: this gives copies, a batch of them, without it.
 */
static noinline_for_stack bool emit_copies(struct visorfs_sb *sbi, struct visorfs_dir *dir,
					   struct dir_context *ctx)
{
	struct batch b;

	b.next = ctx->pos;
	fill(sbi, dir, &b);
	return emit(ctx, &b) && !b.end;
}

/*
 * Gives names from where they lie. Returns false if the reader has no room, or
 * has some that would fault: the name at hand is left to emit_copies(), that
 * tells the one from the other.
 */
static bool emit_names(struct visorfs_sb *sbi, struct visorfs_dir *dir, struct dir_context *ctx)
{
	struct visorfs_entry *e;
	u32 next = ctx->pos;
	bool room = true;

	down_read(&sbi->sw);
	pagefault_disable();
	while ((e = visorfs_next_name(sbi, dir, &next))) {
		ctx->pos = next;
		if (e->type != DT_WHT)
			room = dir_emit(ctx, visorfs_name(e), e->len, number_of(e), e->type);
		if (!room)
			break;
		next++;
	}
	pagefault_enable();
	up_read(&sbi->sw);
	ctx->pos = next;
	return room;
}

static int iterate(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file_inode(file);
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_dir *dir = VI(inode)->dir;

	if (!dir_emit_dots(file, ctx))
		return 0;
	while (!emit_names(sbi, dir, ctx) && emit_copies(sbi, dir, ctx))
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
