// SPDX-License-Identifier: Apache-2.0
/* Which events the use of ramdisks makes. */
#include "ramdisk_news.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/core/boot/spare.h"
#include "userworld/core/bundle/keep.h"
#include "userworld/core/bundle/stage.h"

#define TEXT 600
#define CRITICAL 95 /* the higher of the marks, percent */

enum { BYTES, INODES, KINDS };

/* What was told of a ramdisk, and when. */
struct known {
	char name[VISORFS_NAME_MAX + 1];
	char path[sizeof(((struct vfs_ramdisk *)0)->path)];
	uint64_t mark[KINDS], mark_at[KINDS];
	uint64_t full, full_at;
	uint64_t peak[KINDS];
	bool was_full;	   /* full_at says when that was told */
	bool alarm[KINDS]; /* something was told that is still to be taken back */
	bool seen;	   /* in this round */
};

struct ramdisk_news {
	struct known *list;
	size_t count;
};

/* A round of telling. */
struct round {
	uint64_t now, again; /* again: when there may be more, 0: never */
	ramdisk_tell *tell;
	void *context;
};

struct ramdisk_news *ramdisk_news_new(void)
{
	return calloc(1, sizeof(struct ramdisk_news));
}

void ramdisk_news_free(struct ramdisk_news *news)
{
	if (news)
		free(news->list);
	free(news);
}

static struct known *find(struct ramdisk_news *news, const char *name)
{
	for (size_t i = 0; i < news->count; i++)
		if (!strcmp(news->list[i].name, name))
			return &news->list[i];
	return NULL;
}

/* NULL without memory. */
static struct known *find_or_add(struct ramdisk_news *news, const char *name, const char *path,
				 uint64_t full)
{
	struct known *known = find(news, name);

	if (known)
		return known;
	known = realloc(news->list, (news->count + 1) * sizeof(*known));
	if (!known)
		return NULL;
	news->list = known;
	known += news->count++;
	*known = (struct known){ .full = full };
	snprintf(known->name, sizeof(known->name), "%s", name);
	snprintf(known->path, sizeof(known->path), "%s", path);
	return known;
}

/*
 * A ramdisk may be removed and another one of its name be made before anybody looks: its counters
 * begin anew then. What was told is of the one before, but for the alarms, which have the name.
 */
static void notice_another(struct known *k, const struct vfs_ramdisk *r)
{
	struct known another = { .alarm = { k->alarm[BYTES], k->alarm[INODES] } };

	if (r->full_events < k->full || r->peak_bytes < k->peak[BYTES] ||
	    r->peak_inodes < k->peak[INODES] || strcmp(r->path, k->path) != 0) {
		memcpy(another.name, r->name, sizeof(another.name));
		memcpy(another.path, r->path, sizeof(another.path));
		*k = another;
	}
	k->peak[BYTES] = r->peak_bytes;
	k->peak[INODES] = r->peak_inodes;
}

/* Whether something that was told at a time may be told again; if not, the round comes back. */
static bool may(struct round *round, uint64_t at)
{
	uint64_t then = at + RAMDISK_QUIET;

	if (round->now >= then)
		return true;
	if (!round->again || then < round->again)
		round->again = then;
	return false;
}

static void describe_use(const struct vfs_ramdisk *r, int kind, char *buf, size_t size)
{
	if (kind == BYTES)
		snprintf(buf, size, "%" PRIu64 " of %" PRIu64 " KiB", r->used_bytes >> 10,
			 r->max_bytes >> 10);
	else
		snprintf(buf, size, "%" PRIu64 " of %" PRIu64 " inodes", r->used_inodes,
			 r->max_inodes);
}

static const enum event_id normal[KINDS] = { EVENT_RAMDISK_NORMAL, EVENT_RAMDISK_FILES_NORMAL };

static enum event_id id_of(uint64_t mark, int kind)
{
	static const enum event_id high[] = { EVENT_RAMDISK_HIGH, EVENT_RAMDISK_FILES_HIGH };
	static const enum event_id most[] = { EVENT_RAMDISK_CRITICAL,
					      EVENT_RAMDISK_FILES_CRITICAL };

	if (!mark)
		return normal[kind];
	return mark < CRITICAL ? high[kind] : most[kind];
}

static void tell_event(struct round *round, enum event_id id, const struct vfs_ramdisk *r, int kind,
		       uint64_t refused, const char *text)
{
	const struct ramdisk_told told = {
		.id = id,
		.ramdisk = r,
		.files = kind == INODES,
		.refused = refused,
		.text = text,
	};

	round->tell(round->context, &told);
}

/*
 * Those that libcore makes as large as what it puts there, and that nothing else may write to: that
 * they are full is no news, and nobody can do anything about it. A refused write is.
 */
static bool is_cut_to_size(const struct vfs_ramdisk *r)
{
	static const char *const paths[] = { BUNDLE_STAGE, BUNDLE_KEEP, BOOT_SPARE };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!strcmp(r->path, paths[i]))
			return true;
	return false;
}

static uint64_t mark_of(const struct vfs_ramdisk *r, int kind)
{
	if (is_cut_to_size(r))
		return 0;
	return kind == BYTES ? r->mark_bytes : r->mark_inodes;
}

/* A higher mark is told at once, a lower one when it has been lower for long enough. */
static void tell_mark(struct round *round, const struct vfs_ramdisk *r, struct known *k, int kind)
{
	uint64_t mark = mark_of(r, kind);
	char text[TEXT], use[64];

	if (mark == k->mark[kind] || (mark < k->mark[kind] && !may(round, k->mark_at[kind])))
		return;
	describe_use(r, kind, use, sizeof(use));
	if (mark > k->mark[kind])
		snprintf(text, sizeof(text), "Ramdisk %s at %s has passed %" PRIu64 " %%: %s used",
			 r->name, r->path, mark, use);
	else
		snprintf(text, sizeof(text),
			 "Ramdisk %s at %s is below %" PRIu64 " %% again: %s used", r->name,
			 r->path, k->mark[kind], use);
	tell_event(round, id_of(mark, kind), r, kind, 0, text);
	k->mark[kind] = mark;
	k->mark_at[kind] = round->now;
	k->alarm[kind] = mark != 0;
}

/* What the requests were refused for is what there is least of. */
static int scarce(const struct vfs_ramdisk *r)
{
	return (double)r->used_inodes * (double)r->max_bytes >
			       (double)r->used_bytes * (double)r->max_inodes
		       ? INODES
		       : BYTES;
}

static void tell_full(struct round *round, const struct vfs_ramdisk *r, struct known *k)
{
	static const enum event_id full[] = { EVENT_RAMDISK_FULL, EVENT_RAMDISK_FILES_FULL };
	char text[TEXT], bytes[64], inodes[64];
	int kind = scarce(r);

	if (r->full_events == k->full || (k->was_full && !may(round, k->full_at)))
		return;
	describe_use(r, BYTES, bytes, sizeof(bytes));
	describe_use(r, INODES, inodes, sizeof(inodes));
	snprintf(text, sizeof(text),
		 "Ramdisk %s at %s was full: %" PRIu64 " requests refused, now %s and %s used",
		 r->name, r->path, r->full_events - k->full, bytes, inodes);
	tell_event(round, full[kind], r, kind, r->full_events - k->full, text);
	k->full = r->full_events;
	k->full_at = round->now;
	k->was_full = true;
	k->alarm[kind] = true;
}

/* It was full, but no mark tells when that is over: a request that was too large, or a full one
 * that was emptied at once. */
static void tell_over(struct round *round, const struct vfs_ramdisk *r, struct known *k)
{
	char text[TEXT], use[64];

	for (int kind = 0; kind < KINDS; kind++) {
		if (!k->alarm[kind] || k->mark[kind] || mark_of(r, kind) || !may(round, k->full_at))
			continue;
		describe_use(r, kind, use, sizeof(use));
		snprintf(text, sizeof(text), "Ramdisk %s at %s has room: %s used", r->name, r->path,
			 use);
		tell_event(round, normal[kind], r, kind, 0, text);
		k->alarm[kind] = false;
	}
}

/* Ramdisks that are gone are forgotten, and what was wrong with them is over. */
static void forget(struct round *round, struct ramdisk_news *news)
{
	size_t kept = 0;

	for (size_t i = 0; i < news->count; i++) {
		struct known *k = &news->list[i];
		struct vfs_ramdisk gone = { 0 };
		char text[TEXT];

		if (k->seen) {
			news->list[kept++] = *k;
			continue;
		}
		memcpy(gone.name, k->name, sizeof(gone.name));
		memcpy(gone.path, k->path, sizeof(gone.path));
		snprintf(text, sizeof(text), "Ramdisk %s at %s is gone", k->name, k->path);
		for (int kind = 0; kind < KINDS; kind++)
			if (k->alarm[kind])
				tell_event(round, normal[kind], &gone, kind, 0, text);
	}
	news->count = kept;
}

int ramdisk_news_update(struct ramdisk_news *news, const struct vfs_ramdisk *list, size_t count,
			uint64_t now, ramdisk_tell *tell, void *context)
{
	struct round round = { .now = now, .tell = tell, .context = context };

	for (size_t i = 0; i < news->count; i++)
		news->list[i].seen = false;
	for (size_t i = 0; i < count; i++) {
		const struct vfs_ramdisk *r = &list[i];
		struct known *k = find_or_add(news, r->name, r->path, r->full_events);

		if (!k)
			return -1;
		notice_another(k, r);
		k->seen = true;
		tell_full(&round, r, k);
		tell_mark(&round, r, k, BYTES);
		tell_mark(&round, r, k, INODES);
		tell_over(&round, r, k);
	}
	forget(&round, news);
	return round.again ? (int)(round.again - now) : 0;
}

int ramdisk_news_stands(struct ramdisk_news *news, const char *name, const char *path, bool files)
{
	struct known *k = find_or_add(news, name, path, 0);

	if (!k)
		return -1;
	k->alarm[files ? INODES : BYTES] = true;
	return 0;
}
