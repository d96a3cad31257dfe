// SPDX-License-Identifier: Apache-2.0
#include "tests/powercut/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "cleanup.h"

#define MAGIC 0x6a736677736872ull
#define VERSION 1
#define LIST_MAX (1u << 24)

enum { FLAG_FLUSH = 1, FLAG_FUA = 2, FLAG_DISCARD = 4 };

/* Both structures are little endian, as are the machines that this runs on. */
struct super {
	uint64_t magic, version, entries;
	uint32_t sector;
};

struct raw_entry {
	uint64_t sector, sectors, flags, data_len;
};

static struct cutlog_entry *add(struct cutlog *log, struct err *e)
{
	struct cutlog_entry *list;

	if (log->count == log->room) {
		log->room = log->room ? log->room * 2 : 1024;
		list = reallocarray(log->list, log->room, sizeof(*list));
		if (!list) {
			err_set(e, ERR_NO_SPACE, "out of memory");
			return NULL;
		}
		log->list = list;
	}
	return &log->list[log->count++];
}

static int read_entries(struct cutlog *log, const struct cutlog_run *run, uint32_t sector,
			struct err *e)
{
	size_t at = sector;

	while (at + sector <= run->size && log->count < LIST_MAX) {
		const uint8_t *place = (const uint8_t *)run->map + at;
		struct cutlog_entry *entry;
		struct raw_entry raw;
		bool data;

		memcpy(&raw, place, sizeof(raw));
		/* The log's file grows in steps: what was never written is zeros. */
		if (raw.sectors == 0 && !(raw.flags & FLAG_FLUSH))
			break;
		data = !(raw.flags & FLAG_DISCARD);
		if (raw.sectors > run->size ||
		    (data && raw.sectors * sector > run->size - at - sector))
			break; /* the machine was killed while it wrote this */
		entry = add(log, e);
		if (!entry)
			return -1;
		*entry = (struct cutlog_entry){
			.at = raw.sector * sector,
			.len = raw.sectors * sector,
			.data = data ? place + sector : NULL,
			.flush = raw.flags & FLAG_FLUSH,
			.sure = raw.flags & FLAG_FUA,
		};
		at += sector + (data ? raw.sectors * sector : 0);
	}
	return 0;
}

static int map_run(struct cutlog_run *run, const char *path, struct err *e)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, errno, "%s", path);
	run->size = (size_t)st.st_size;
	if (run->size < sizeof(struct super))
		return err_set(e, ERR_INVALID, "%s: no log of writes: it ends early", path);
	run->map = mmap(NULL, run->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (run->map == MAP_FAILED) {
		run->map = NULL;
		return err_sys(e, errno, "%s: mmap", path);
	}
	return 0;
}

int cutlog_add(struct cutlog *log, const char *path, struct err *e)
{
	struct cutlog_run *run = &log->run[log->runs];
	static const struct super none;
	struct super super;

	if (log->runs == CUTLOG_RUNS)
		return err_set(e, ERR_NO_SPACE, "%s: more than %d logs", path, CUTLOG_RUNS);
	if (map_run(run, path, e) < 0)
		return -1;
	log->runs++;
	memcpy(&super, run->map, sizeof(super));
	/* It is written with the first flush, which a machine that was killed early has not come
	 * to. */
	if (memcmp(&super, &none, sizeof(super)) == 0)
		super = (struct super){ MAGIC, VERSION, 0, 512 };
	if (super.magic != MAGIC || super.version != VERSION || super.sector < 512 ||
	    super.sector > 65536)
		return err_set(e, ERR_INVALID, "%s: no log of writes of version %d", path, VERSION);
	if (read_entries(log, run, super.sector, e) < 0)
		return -1;
	run->end = log->count;
	return 0;
}

void cutlog_close(struct cutlog *log)
{
	for (unsigned int i = 0; i < log->runs; i++)
		munmap(log->run[i].map, log->run[i].size);
	free(log->list);
	memset(log, 0, sizeof(*log));
}
