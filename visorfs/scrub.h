/* SPDX-License-Identifier: GPL-2.0-only */
/* The verify mode of an instance: what scrub.c, chunk.c and heal.c share. */
#ifndef VISORFS_SCRUB_H
#define VISORFS_SCRUB_H

#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "sha256.h"
#include "tar.h"

struct visorfs_sb;
struct visorfs_tardisk;
struct visorfs_obj;

/* Part of struct visorfs_sb. Counters are written by the thread only. */
struct visorfs_scrub {
	struct mutex lock; /* task, closed */
	struct task_struct *task; /* NULL: not enabled */
	bool closed; /* unmount: it does not start any more */
	wait_queue_head_t wait;
	u32 rate; /* KiB in a second at most */
	u64 passes;
	u64 errors; /* chunks that were damaged */
	u64 healed; /* of them */
	u64 burst; /* bytes since the last rest */
	char name[VISORFS_NAME_MAX + 1]; /* of the tardisk it is at */
	u64 position; /* bytes of its data area that are done */
	struct xarray lost; /* chunks that are damaged for good: said once */
	struct kobject *kobj;
};

/* One chunk of a tardisk's data area. */
struct visorfs_chunk {
	struct visorfs_tardisk *td;
	const struct visorfs_sha256 *sha;
	const u32 *files; /* indexes of its regular files, by place */
	u32 file_count;
	u32 n;
	u32 size; /* bytes */
	u8 *data; /* its content, TARDISK_CHUNK bytes of room */
};

/* chunk.c */
u32 *visorfs_files_by_place(const struct visorfs_tardisk *td, u32 *count);
struct visorfs_obj *visorfs_chunk_file(const struct visorfs_chunk *c, u32 page);
int visorfs_chunk_read(struct visorfs_chunk *c);
bool visorfs_chunk_holds(const struct visorfs_chunk *c);
int visorfs_chunk_repair(struct visorfs_chunk *c, u32 bit);

/* heal.c */
int visorfs_find_bit(const struct visorfs_sha256 *sha, u8 *data, u32 len, const u8 *digest,
		     u32 *bit);

/* scrub_packed.c */
u32 visorfs_scrub_frame(struct visorfs_scrub *s, const struct visorfs_tardisk *td,
			const struct visorfs_sha256 *sha, u32 n);

/* scrub.c */
void visorfs_scrub_init(struct visorfs_sb *sbi);
int visorfs_scrub_add(struct visorfs_sb *sbi);
int visorfs_scrub_enable(struct visorfs_sb *sbi, bool on);
void visorfs_scrub_stop(struct visorfs_sb *sbi);
void visorfs_scrub_remove(struct visorfs_sb *sbi);

#endif
