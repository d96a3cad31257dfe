// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a tardisk's file into memory: reads one compressed frame after the
 * other and has it decompressed to where its content belongs, by several
 * workers (workers.c). Frames are at most 1 MiB, so what this needs besides
 * the result is bounded and known beforehand.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "internal.h"
#include "unpack.h"

static int refuse(struct visorfs_unpack *u, struct visorfs_msg *msg, u64 offset,
		  const char *field, const char *what)
{
	return visorfs_fail(msg, -EBADMSG, "%s: offset %llu: %s: %s", u->name, offset, field, what);
}

static int no_memory(struct visorfs_unpack *u, struct visorfs_msg *msg)
{
	return visorfs_fail(msg, -ENOMEM, "%s: no memory to unpack it", u->name);
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
	u->table = kvmalloc(bytes, GFP_KERNEL | __GFP_NOWARN);
	if (!u->table)
		return no_memory(u, msg);
	ret = read_at(u, u->table, bytes, size - bytes, msg);
	if (ret)
		return ret;
	if (tardisk_seek_init(&u->seek, u->table, bytes, size, &error))
		return refuse(u, msg, error.offset, error.field, error.what);
	ret = read_digests(u, msg);
	if (ret)
		return ret;
	return visorfs_workers_open(u) ? no_memory(u, msg) : 0;
}

void visorfs_unpack_close(struct visorfs_unpack *u)
{
	visorfs_workers_close(u);
	kvfree(u->first);
	kvfree(u->table);
	visorfs_digests_free(&u->digests);
	visorfs_sha256_close(&u->sha);
}

/* Steps to the next frame; that it has the size its place demands is known. */
static int next_frame(struct visorfs_unpack *u, struct visorfs_msg *msg)
{
	u64 end = i_size_read(file_inode(u->file)) - u->seek.bytes;
	struct tardisk_frame *frame = &u->frame;

	if (!tardisk_seek_next(&u->seek, &u->cursor, frame))
		return refuse(u, msg, end, "seek table", "lists too few frames");
	if (frame->packed > TARDISK_MAX_PACKED)
		return refuse(u, msg, frame->offset, "frame", "is larger than its content can be");
	return 0;
}

/* Makes the line of a worker that failed. */
static int worker_failed(struct visorfs_unpack *u, const struct visorfs_worker *w,
			 struct visorfs_msg *msg)
{
	if (w->ret == -ENOMEM)
		return no_memory(u, msg);
	return refuse(u, msg, w->frame.offset, "frame", w->what);
}

/* Waits for one worker; says what went wrong in it, if anything. */
static int settle(struct visorfs_unpack *u, struct visorfs_worker *w, struct visorfs_msg *msg)
{
	return visorfs_worker_wait(w) ? worker_failed(u, w, msg) : 0;
}

/* Reads the frame at hand and gives it to a worker: to is where its content goes. */
static int start(struct visorfs_unpack *u, void *to, const u32 *slots, struct visorfs_msg *msg)
{
	struct visorfs_worker *w = visorfs_worker_next(u);
	int ret = settle(u, w, msg);

	if (!ret)
		ret = read_at(u, w->packed, u->frame.packed, u->frame.offset, msg);
	if (!ret)
		visorfs_worker_start(u, w, to, slots);
	return ret;
}

/* In the order in which they were started, so that the first damage is named. */
static int settle_all(struct visorfs_unpack *u, struct visorfs_msg *msg)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < u->worker_count; i++) {
		struct visorfs_worker *w = visorfs_worker_next(u);
		int failed = visorfs_worker_wait(w);

		if (failed && !ret)
			ret = worker_failed(u, w, msg);
	}
	return ret;
}

/* Decompresses the first frame, to learn the sizes of everything. */
int visorfs_unpack_volume(struct visorfs_unpack *u, struct tardisk_volume *volume,
			  struct visorfs_msg *msg)
{
	struct tardisk_error error;
	u32 header_frames;
	const char *what;
	int ret;

	u->window = TARDISK_FRAME;
	ret = next_frame(u, msg);
	if (ret)
		return ret;
	u->first = kvmalloc(u->frame.size, GFP_KERNEL);
	if (!u->first)
		return no_memory(u, msg);
	ret = start(u, u->first, NULL, msg) ?: settle_all(u, msg);
	if (ret)
		return ret;
	if (tardisk_read_volume(u->first, u->frame.size, volume, &error) ||
	    tardisk_seek_match(&u->seek, volume, &header_frames, &error) ||
	    tardisk_digests_match(&u->digests.list, &u->seek, volume, &error))
		return refuse(u, msg, error.offset, error.field, error.what);
	/* From here on frames keep to the frame size; so must the first. */
	u->window = volume->frame;
	what = visorfs_header_fault(u, &u->frame, u->workers[u->turn]->packed);
	if (what)
		ret = refuse(u, msg, u->frame.offset, "frame", what);
	return ret;
}

/* The header area; the caller frees it. */
int visorfs_unpack_headers(struct visorfs_unpack *u, u32 len, void **headers,
			   struct visorfs_msg *msg)
{
	u32 done = u->frame.size;
	int ret = 0;

	if (done == len) {
		*headers = u->first;
		u->first = NULL;
		return 0;
	}
	*headers = kvmalloc(len, GFP_KERNEL);
	if (!*headers)
		return no_memory(u, msg);
	memcpy(*headers, u->first, done);
	kvfree(u->first);
	u->first = NULL;
	while (!ret && done < len) {
		ret = next_frame(u, msg) ?: start(u, *headers + done, NULL, msg);
		done += u->frame.size;
		cond_resched();
	}
	return settle_all(u, msg) ?: ret;
}

/* Decompresses the data area into the pages of the slots. */
int visorfs_unpack_pages(struct visorfs_unpack *u, const u32 *slots, u64 pages,
			 struct visorfs_msg *msg)
{
	u64 done = 0;
	int ret = 0;

	while (!ret && done < pages) {
		ret = next_frame(u, msg) ?: start(u, NULL, slots + done, msg);
		done += u->frame.size >> PAGE_SHIFT;
		cond_resched();
	}
	return settle_all(u, msg) ?: ret;
}

/* Where the data area's frames begin and end in the file. */
static u64 packed_bytes(const struct visorfs_unpack *u)
{
	struct tardisk_frame frame = u->frame;
	u32 cursor = u->cursor;
	u64 bytes = 0;

	while (tardisk_seek_next(&u->seek, &cursor, &frame))
		bytes += frame.packed;
	return bytes;
}

/*
 * Reads the data area as it is. What is damaged and was not to be compared
 * with its digest is found by the scrub, or by zstd when somebody needs it.
 */
int visorfs_unpack_nothing(struct visorfs_unpack *u, struct visorfs_packed *p, u64 pages,
			   struct visorfs_msg *msg)
{
	u64 left = pages << PAGE_SHIFT, at = 0;

	p->frame = u->window;
	p->data = vmalloc(packed_bytes(u) + 1);
	p->ends = kvmalloc_array(DIV_ROUND_UP_ULL(left, p->frame) + 1, sizeof(*p->ends),
				 GFP_KERNEL);
	if (!p->data || !p->ends)
		return no_memory(u, msg);
	for (; left; left -= u->frame.size) {
		const char *what;
		int ret = next_frame(u, msg) ?:
			  read_at(u, p->data + at, u->frame.packed, u->frame.offset, msg);

		if (ret)
			return ret;
		what = visorfs_frame_fault(u, u->cursor - 1, &u->frame, p->data + at);
		if (what)
			return refuse(u, msg, u->frame.offset, "frame", what);
		at += u->frame.packed;
		p->ends[p->count++] = at;
		cond_resched();
	}
	return 0;
}
