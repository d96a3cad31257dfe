// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decompressing frames, several at a time. Each worker has its own buffer and
 * what zstd needs; the reader gives frames to them in turn, so no lock is
 * needed. With one processor the reader does it itself.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <linux/zstd.h>

#include "internal.h"
#include "unpack.h"

static u32 largest_frame(const struct visorfs_unpack *u)
{
	struct tardisk_frame frame = {};
	u32 cursor = 0, largest = 0;

	while (tardisk_seek_next(&u->seek, &cursor, &frame))
		largest = max(largest, frame.packed);
	return min(largest, TARDISK_MAX_PACKED);
}

/* What zstd says of a frame must be what the tables say; what is wrong, or NULL. */
const char *visorfs_header_fault(const struct visorfs_unpack *u, const struct tardisk_frame *frame,
				 const void *packed)
{
	zstd_frame_header header;

	if (zstd_get_frame_header(&header, packed, frame->packed) ||
	    header.frameType != ZSTD_frame)
		return "is no zstd frame";
	if (header.frameContentSize != frame->size || header.windowSize > u->window)
		return "states another size or window";
	return NULL;
}

/* What is wrong with a packed frame before zstd unpacks it, or NULL. */
const char *visorfs_frame_fault(const struct visorfs_unpack *u, u32 number,
				const struct tardisk_frame *frame, const void *packed)
{
	if (u->verify &&
	    !visorfs_frame_holds(&u->digests, &u->sha, number, packed, frame->packed))
		return "is damaged: it has another digest than is stated";
	return visorfs_header_fault(u, frame, packed);
}

static int decompress(struct visorfs_worker *w, void *to)
{
	size_t room = zstd_dctx_workspace_bound();
	zstd_dctx *dctx = zstd_init_dctx(w->workspace, room);
	size_t n;

	if (!dctx)
		return -ENOMEM;
	n = zstd_decompress_dctx(dctx, to, w->frame.size, w->packed, w->frame.packed);
	if (!zstd_is_error(n) && n == w->frame.size)
		return 0;
	w->what = "is damaged";
	return -EBADMSG;
}

/* Maps the pages of one frame side by side, so that it is decompressed in place. */
static int decompress_to_slots(struct visorfs_worker *w)
{
	u32 count = w->frame.size >> PAGE_SHIFT, i;
	void *to;
	int ret;

	for (i = 0; i < count; i++)
		w->pages[i] = visorfs_slot_page(w->slots[i]);
	to = vm_map_ram(w->pages, count, NUMA_NO_NODE);
	if (!to)
		return -ENOMEM;
	ret = decompress(w, to);
	vm_unmap_ram(to, count);
	return ret;
}

static void run(struct work_struct *work)
{
	struct visorfs_worker *w = container_of(work, struct visorfs_worker, work);

	w->what = visorfs_frame_fault(w->unpack, w->number, &w->frame, w->packed);
	if (w->what)
		w->ret = -EBADMSG;
	else
		w->ret = w->to ? decompress(w, w->to) : decompress_to_slots(w);
}

int visorfs_workers_open(struct visorfs_unpack *u)
{
	u32 count = min3(num_online_cpus(), VISORFS_WORKERS, u->seek.frames), i;
	u32 largest = largest_frame(u);

	for (i = 0; i < count; i++) {
		struct visorfs_worker *w = kzalloc(sizeof(*w), GFP_KERNEL);

		if (!w)
			return -ENOMEM;
		u->workers[u->worker_count++] = w;
		INIT_WORK(&w->work, run);
		w->packed = kvmalloc(largest, GFP_KERNEL);
		w->workspace = kvmalloc(zstd_dctx_workspace_bound(), GFP_KERNEL);
		if (!w->packed || !w->workspace)
			return -ENOMEM;
	}
	return 0;
}

void visorfs_workers_close(struct visorfs_unpack *u)
{
	while (u->worker_count) {
		struct visorfs_worker *w = u->workers[--u->worker_count];

		visorfs_worker_wait(w);
		kvfree(w->packed);
		kvfree(w->workspace);
		kfree(w);
	}
}

/* They take turns; the one whose turn it is may still be at work. */
struct visorfs_worker *visorfs_worker_next(struct visorfs_unpack *u)
{
	u->turn = (u->turn + 1) % u->worker_count;
	return u->workers[u->turn];
}

/* What its last frame came to: 0, -ENOMEM or -EBADMSG. */
int visorfs_worker_wait(struct visorfs_worker *w)
{
	flush_work(&w->work);
	return w->ret;
}

/* The frame at hand is in w->packed; its content goes to a buffer or to the slots' pages. */
void visorfs_worker_start(struct visorfs_unpack *u, struct visorfs_worker *w, void *to,
			  const u32 *slots)
{
	w->unpack = u;
	w->number = u->cursor - 1;
	w->frame = u->frame;
	w->to = to;
	w->slots = slots;
	if (u->worker_count == 1)
		run(&w->work);
	else
		queue_work(system_unbound_wq, &w->work);
}
