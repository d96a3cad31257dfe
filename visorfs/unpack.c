// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a tardisk's file into memory: reads one compressed frame at a time and
 * decompresses it to where its content belongs. Frames are at most 1 MiB, so
 * what this needs besides the result is bounded and known beforehand.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/zstd.h>

#include "internal.h"

static int refuse(struct visorfs_unpack *u, struct visorfs_msg *msg, u64 offset,
		  const char *field, const char *what)
{
	return visorfs_fail(msg, -EBADMSG, "%s: offset %llu: %s: %s", u->name, offset, field, what);
}

static int read_at(struct visorfs_unpack *u, void *buf, size_t len, u64 offset,
		   struct visorfs_msg *msg)
{
	loff_t pos = offset;
	size_t done = 0;

	while (done < len) {
		ssize_t n = kernel_read(u->file, buf + done, len - done, &pos);

		if (n < 0)
			return visorfs_fail(msg, n, "%s: offset %llu: read failed, error %zd",
					    u->name, offset + done, n);
		if (!n)
			return refuse(u, msg, offset + done, "file", "ends too early");
		done += n;
	}
	return 0;
}

static int read_digests(struct visorfs_unpack *u, struct visorfs_msg *msg)
{
	u32 bytes = u->seek.digests;
	int ret;

	u->digests.bytes = kvmalloc(bytes, GFP_KERNEL | __GFP_NOWARN);
	if (!u->digests.bytes)
		return visorfs_fail(msg, -ENOMEM, "%s: no memory for its digests", u->name);
	ret = read_at(u, u->digests.bytes, bytes, u->seek.packed, msg);
	if (ret)
		return ret;
	visorfs_sha256_open(&u->sha);
	return visorfs_digests_init(u, msg);
}

int visorfs_unpack_open(struct visorfs_unpack *u, struct file *file, const char *name,
			struct visorfs_msg *msg)
{
	u64 size = i_size_read(file_inode(file));
	unsigned char footer[TARDISK_SEEK_FOOTER];
	struct tardisk_error error;
	u32 bytes;
	int ret;

	memset(u, 0, sizeof(*u));
	u->file = file;
	u->name = name;
	if (size < sizeof(footer))
		return refuse(u, msg, size, "file", "is too short for a tardisk");
	ret = read_at(u, footer, sizeof(footer), size - sizeof(footer), msg);
	if (ret)
		return ret;
	if (tardisk_seek_size(footer, size, &bytes, &error))
		return refuse(u, msg, error.offset, error.field, error.what);
	u->workspace_size = zstd_dctx_workspace_bound();
	u->table = kvmalloc(bytes, GFP_KERNEL | __GFP_NOWARN);
	u->packed = kvmalloc(TARDISK_MAX_PACKED, GFP_KERNEL);
	u->workspace = kvmalloc(u->workspace_size, GFP_KERNEL);
	if (!u->table || !u->packed || !u->workspace)
		return visorfs_fail(msg, -ENOMEM, "%s: no memory to unpack it", name);
	ret = read_at(u, u->table, bytes, size - bytes, msg);
	if (ret)
		return ret;
	if (tardisk_seek_init(&u->seek, u->table, bytes, size, &error))
		return refuse(u, msg, error.offset, error.field, error.what);
	return read_digests(u, msg);
}

void visorfs_unpack_close(struct visorfs_unpack *u)
{
	kvfree(u->workspace);
	kvfree(u->packed);
	kvfree(u->table);
	visorfs_digests_free(&u->digests);
	visorfs_sha256_close(&u->sha);
}

/* Reads the next frame; its content will have u->frame.size bytes, at most room. */
static int read_frame(struct visorfs_unpack *u, u64 room, struct visorfs_msg *msg)
{
	struct tardisk_frame *frame = &u->frame;
	u64 end = i_size_read(file_inode(u->file)) - u->seek.bytes;
	zstd_frame_header header;
	int ret;

	if (!tardisk_seek_next(&u->seek, &u->cursor, frame))
		return refuse(u, msg, end, "seek table", "lists too few frames");
	if (frame->packed > TARDISK_MAX_PACKED)
		return refuse(u, msg, frame->offset, "frame", "is larger than its content can be");
	if (frame->size > room)
		return refuse(u, msg, frame->offset, "frame", "holds more than its area");
	ret = read_at(u, u->packed, frame->packed, frame->offset, msg);
	if (ret)
		return ret;
	if (u->verify && !visorfs_frame_holds(&u->digests, &u->sha, u->cursor - 1, u->packed,
					      frame->packed))
		return refuse(u, msg, frame->offset, "frame",
			      "is damaged: it has another digest than is stated");
	if (zstd_get_frame_header(&header, u->packed, frame->packed) ||
	    header.frameType != ZSTD_frame)
		return refuse(u, msg, frame->offset, "frame", "is no zstd frame");
	if (header.frameContentSize != frame->size || header.windowSize > u->window)
		return refuse(u, msg, frame->offset, "frame", "states another size or window");
	return 0;
}

static int unpack_frame(struct visorfs_unpack *u, void *to, struct visorfs_msg *msg)
{
	const struct tardisk_frame *frame = &u->frame;
	zstd_dctx *dctx = zstd_init_dctx(u->workspace, u->workspace_size);
	size_t n;

	if (!dctx)
		return visorfs_fail(msg, -ENOMEM, "%s: no memory to unpack it", u->name);
	n = zstd_decompress_dctx(dctx, to, frame->size, u->packed, frame->packed);
	if (zstd_is_error(n) || n != frame->size)
		return refuse(u, msg, frame->offset, "frame", "is damaged");
	return 0;
}

/* Decompresses the first frame aside, to learn the sizes of everything. */
int visorfs_unpack_volume(struct visorfs_unpack *u, struct tardisk_volume *volume,
			  struct visorfs_msg *msg)
{
	struct tardisk_error error;
	void *first = NULL;
	u32 header_frames;
	int ret;

	u->window = TARDISK_FRAME;
	ret = read_frame(u, TARDISK_FRAME, msg);
	if (ret)
		return ret;
	first = kvmalloc(u->frame.size, GFP_KERNEL);
	if (!first)
		return visorfs_fail(msg, -ENOMEM, "%s: no memory to unpack it", u->name);
	ret = unpack_frame(u, first, msg);
	if (!ret && (tardisk_read_volume(first, u->frame.size, volume, &error) ||
		     tardisk_seek_match(&u->seek, volume, &header_frames, &error) ||
		     tardisk_digests_match(&u->digests.list, &u->seek, volume, &error)))
		ret = refuse(u, msg, error.offset, error.field, error.what);
	kvfree(first);
	/* The frames are walked again from the first, which must keep to the frame size too. */
	u->window = volume->frame;
	u->cursor = 0;
	memset(&u->frame, 0, sizeof(u->frame));
	return ret;
}

int visorfs_unpack_headers(struct visorfs_unpack *u, void *headers, u32 len,
			   struct visorfs_msg *msg)
{
	u32 done = 0;

	while (done < len) {
		int ret = read_frame(u, len - done, msg);

		if (!ret)
			ret = unpack_frame(u, headers + done, msg);
		if (ret)
			return ret;
		done += u->frame.size;
		cond_resched();
	}
	return 0;
}

/* Maps the pages of one frame side by side, so that it is decompressed in place. */
static int unpack_into_pages(struct visorfs_unpack *u, const u32 *slots, struct visorfs_msg *msg)
{
	u32 count = u->frame.size >> PAGE_SHIFT, i;
	void *to;
	int ret;

	for (i = 0; i < count; i++)
		u->pages[i] = visorfs_slot_page(slots[i]);
	to = vm_map_ram(u->pages, count, NUMA_NO_NODE);
	if (!to)
		return visorfs_fail(msg, -ENOMEM, "%s: no address space to unpack it", u->name);
	ret = unpack_frame(u, to, msg);
	vm_unmap_ram(to, count);
	return ret;
}

/* Decompresses the data area into the pages of the slots; nothing may follow it. */
int visorfs_unpack_pages(struct visorfs_unpack *u, const u32 *slots, u64 pages,
			 struct visorfs_msg *msg)
{
	u64 done = 0;

	while (done < pages) {
		int ret = read_frame(u, (pages - done) << PAGE_SHIFT, msg);

		if (!ret && !PAGE_ALIGNED(u->frame.size))
			ret = refuse(u, msg, u->frame.offset, "frame", "ends inside a page");
		if (!ret)
			ret = unpack_into_pages(u, slots + done, msg);
		if (ret)
			return ret;
		done += u->frame.size >> PAGE_SHIFT;
		cond_resched();
	}
	if (tardisk_seek_next(&u->seek, &u->cursor, &u->frame))
		return refuse(u, msg, u->frame.offset, "seek table", "lists too many frames");
	return 0;
}
