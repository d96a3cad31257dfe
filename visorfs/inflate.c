// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making pages of tardisks that stay compressed. Everything that takes is
 * there before the first page is wanted: some inflaters, each with room for
 * one frame and what zstd needs for it. So a fault never fails for want of
 * memory here, and files that lie side by side are unpacked once.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/zstd.h>

#include "internal.h"

#define MIN_INFLATERS 2u

struct visorfs_inflater {
	struct mutex lock; /* all of the rest; only hints are read without */
	const struct visorfs_tardisk *td; /* whose frame is in content, NULL: none */
	u32 frame;
	u32 room; /* bytes of content */
	u64 used; /* when, by sb's clock */
	void *content;
	void *workspace;
};

static u32 wanted_inflaters(void)
{
	return clamp(num_online_cpus() + 1, MIN_INFLATERS, VISORFS_INFLATERS);
}

/* A larger buffer for content; what was in it is forgotten. */
static int make_room(struct visorfs_inflater *in, u32 frame)
{
	void *content;

	if (in->room >= frame)
		return 0;
	content = kvmalloc(frame, GFP_KERNEL);
	if (!content)
		return -ENOMEM;
	mutex_lock(&in->lock);
	swap(in->content, content);
	in->room = frame;
	in->td = NULL;
	mutex_unlock(&in->lock);
	kvfree(content);
	return 0;
}

/* Before a tardisk with frames of this size is attached; holds switch_mutex. */
int visorfs_inflaters_reserve(struct visorfs_sb *sbi, u32 frame)
{
	u32 i;

	for (i = 0; i < wanted_inflaters(); i++) {
		struct visorfs_inflater *in;

		if (i == sbi->inflater_count) {
			in = kzalloc(sizeof(*in), GFP_KERNEL);
			if (!in)
				return -ENOMEM;
			mutex_init(&in->lock);
			in->workspace = kvmalloc(zstd_dctx_workspace_bound(), GFP_KERNEL);
			if (!in->workspace) {
				kfree(in);
				return -ENOMEM;
			}
			sbi->inflaters[i] = in;
			/* Pairs with the acquire of those who look for one. */
			smp_store_release(&sbi->inflater_count, i + 1);
		}
		if (make_room(sbi->inflaters[i], frame))
			return -ENOMEM;
	}
	return 0;
}

void visorfs_inflaters_free(struct visorfs_sb *sbi)
{
	while (sbi->inflater_count) {
		struct visorfs_inflater *in = sbi->inflaters[--sbi->inflater_count];

		kvfree(in->content);
		kvfree(in->workspace);
		kfree(in);
	}
}

/* The tardisk's memory goes: another one may come to lie in the same place. */
void visorfs_inflaters_forget(struct visorfs_sb *sbi, const struct visorfs_tardisk *td)
{
	u32 i;

	for (i = 0; i < sbi->inflater_count; i++) {
		struct visorfs_inflater *in = sbi->inflaters[i];

		mutex_lock(&in->lock);
		if (in->td == td)
			in->td = NULL;
		mutex_unlock(&in->lock);
	}
}

static int unpack(struct visorfs_inflater *in, const struct visorfs_tardisk *td, u32 frame)
{
	const struct visorfs_packed *p = td->compressed;
	zstd_dctx *dctx = zstd_init_dctx(in->workspace, zstd_dctx_workspace_bound());
	u64 start = frame ? p->ends[frame - 1] : 0;
	size_t size = visorfs_frame_size(td, frame);
	size_t n;

	if (!dctx)
		return -EIO;
	n = zstd_decompress_dctx(dctx, in->content, size, p->data + start, p->ends[frame] - start);
	if (!zstd_is_error(n) && n == size)
		return 0;
	pr_err_ratelimited("tardisk %s: frame %u in memory is damaged: replace the tardisk or restart\n",
			   td->name, frame);
	return -EIO;
}

/* The one that has the frame, or the one that was used least lately. */
static struct visorfs_inflater *choose(struct visorfs_sb *sbi, const struct visorfs_tardisk *td,
				       u32 frame)
{
	struct visorfs_inflater *oldest = NULL;
	/* Pairs with the release where they are made. */
	u32 count = smp_load_acquire(&sbi->inflater_count), i;

	for (i = 0; i < count; i++) {
		struct visorfs_inflater *in = sbi->inflaters[i];

		if (READ_ONCE(in->td) == td && READ_ONCE(in->frame) == frame)
			return in;
		if (!oldest || READ_ONCE(in->used) < READ_ONCE(oldest->used))
			oldest = in;
	}
	return oldest;
}

/* An inflater that holds the frame, locked; ERR_PTR(-EIO) if that is damaged. */
static struct visorfs_inflater *get_frame(const struct visorfs_tardisk *td, u32 frame)
{
	struct visorfs_sb *sbi = td->sbi;
	struct visorfs_inflater *in = choose(sbi, td, frame);
	int ret;

	mutex_lock(&in->lock);
	WRITE_ONCE(in->used, atomic64_inc_return(&sbi->inflater_clock));
	if (in->td == td && in->frame == frame)
		return in;
	/* Said at once, so that others who want it wait for this one. */
	WRITE_ONCE(in->frame, frame);
	WRITE_ONCE(in->td, td);
	ret = unpack(in, td, frame);
	if (!ret)
		return in;
	WRITE_ONCE(in->td, NULL);
	mutex_unlock(&in->lock);
	return ERR_PTR(ret);
}

/*
 * Copies pages of the tardisk's data area, count of them from first on, to
 * where they lie side by side. -EIO if a frame is damaged.
 */
int visorfs_inflate(const struct visorfs_tardisk *td, u32 first, u32 count, void *to)
{
	u32 per_frame = td->compressed->frame >> PAGE_SHIFT;

	while (count) {
		u32 in_frame = first % per_frame;
		u32 n = min(count, per_frame - in_frame);
		struct visorfs_inflater *in = get_frame(td, first / per_frame);

		if (IS_ERR(in))
			return PTR_ERR(in);
		memcpy(to, in->content + ((size_t)in_frame << PAGE_SHIFT), (size_t)n << PAGE_SHIFT);
		mutex_unlock(&in->lock);
		first += n;
		count -= n;
		to += (size_t)n << PAGE_SHIFT;
	}
	return 0;
}
