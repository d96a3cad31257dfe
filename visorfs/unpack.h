/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * visorfs: a tardisk on its way from the file into memory.
 */
#ifndef VISORFS_UNPACK_H
#define VISORFS_UNPACK_H

#include <linux/workqueue.h>
#include "sha256.h"
#include "tardisk.h"

struct visorfs_attach;
struct visorfs_msg;

/* unpack.c, workers.c: from the file into buffers and pages */
#define VISORFS_WORKERS 4u /* at most */

struct visorfs_unpack;

struct visorfs_worker {
	struct work_struct work;
	const struct visorfs_unpack *unpack;
	u32 number; /* of the frame that it decompresses */
	struct tardisk_frame frame;
	void *packed; /* it */
	void *to; /* where its content goes, or NULL: to the pages of slots */
	const u32 *slots;
	int ret;
	const char *what; /* is wrong with the frame, if ret is -EBADMSG */
	void *workspace;
	struct page *pages[TARDISK_FRAME >> PAGE_SHIFT];
};

struct visorfs_unpack {
	struct file *file;
	const char *name;
	struct tardisk_seek seek;
	void *table;
	u32 cursor; /* of the walk through the seek table */
	struct tardisk_frame frame; /* that the cursor has passed */
	void *first; /* content of the first frame until it is part of the headers */
	struct visorfs_worker *workers[VISORFS_WORKERS];
	u32 worker_count;
	u32 turn;
	struct visorfs_digests digests;
	struct visorfs_sha256 sha;
	u32 window; /* largest that a frame may have */
	bool verify; /* compare each frame before it is unpacked */
};

int visorfs_unpack_open(struct visorfs_unpack *u, struct file *file, const char *name,
			struct visorfs_msg *msg);
void visorfs_unpack_close(struct visorfs_unpack *u);
int visorfs_unpack_volume(struct visorfs_unpack *u, struct tardisk_volume *volume,
			  struct visorfs_msg *msg);
int visorfs_unpack_headers(struct visorfs_unpack *u, u32 len, void **headers,
			   struct visorfs_msg *msg);
int visorfs_unpack_pages(struct visorfs_unpack *u, const u32 *slots, u64 pages,
			 struct visorfs_msg *msg);
int visorfs_unpack_nothing(struct visorfs_unpack *u, struct visorfs_packed *p, u64 pages,
			   struct visorfs_msg *msg);
int visorfs_workers_open(struct visorfs_unpack *u);
const char *visorfs_header_fault(const struct visorfs_unpack *u, const struct tardisk_frame *frame,
				 const void *packed);
const char *visorfs_frame_fault(const struct visorfs_unpack *u, u32 number,
				const struct tardisk_frame *frame, const void *packed);
void visorfs_workers_close(struct visorfs_unpack *u);
struct visorfs_worker *visorfs_worker_next(struct visorfs_unpack *u);
int visorfs_worker_wait(struct visorfs_worker *w);
void visorfs_worker_start(struct visorfs_unpack *u, struct visorfs_worker *w, void *to,
			  const u32 *slots);

/* digest.c */
int visorfs_digests_init(struct visorfs_unpack *u, struct visorfs_msg *msg);
int visorfs_digests_demand(struct visorfs_unpack *u, const struct visorfs_attach *how,
			   struct visorfs_msg *msg);

#endif
