// SPDX-License-Identifier: Apache-2.0
/* Which events the use of ramdisks makes. */
#include "ramdisk_news.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT 600

enum { BYTES, INODES, KINDS };

/* What was told of a ramdisk, and when. */
struct known {
	char name[VISORFS_NAME_MAX + 1];
	uint64_t mark[KINDS], mark_at[KINDS];
	uint64_t full, full_at;
	bool was_full; /* full_at says when that was told */
	bool seen;     /* in this round */
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

static struct known *find(struct ramdisk_news *news, const struct vfs_ramdisk *r)
{
	struct known *more;

	for (size_t i = 0; i < news->count; i++)
		if (!strcmp(news->list[i].name, r->name))
			return &news->list[i];
	more = realloc(news->list, (news->count + 1) * sizeof(*more));
	if (!more)
		return NULL;
	news->list = more;
	more += news->count++;
	*more = (struct known){ .full = r->full_events };
	memcpy(more->name, r->name, sizeof(more->name));
	return more;
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

/* A higher mark is told at once, a lower one when it has been lower for long enough. */
static void tell_mark(struct round *round, const struct vfs_ramdisk *r, struct known *k, int kind)
{
	uint64_t mark = kind == BYTES ? r->mark_bytes : r->mark_inodes;
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
	round->tell(round->context, r->name, mark > k->mark[kind] ? "warning" : "info", text);
	k->mark[kind] = mark;
	k->mark_at[kind] = round->now;
}

static void tell_full(struct round *round, const struct vfs_ramdisk *r, struct known *k)
{
	char text[TEXT], bytes[64], inodes[64];

	if (r->full_events < k->full) { /* another one of the same name */
		k->full = 0;
		k->was_full = false;
	}
	if (r->full_events == k->full || (k->was_full && !may(round, k->full_at)))
		return;
	describe_use(r, BYTES, bytes, sizeof(bytes));
	describe_use(r, INODES, inodes, sizeof(inodes));
	snprintf(text, sizeof(text),
		 "Ramdisk %s at %s was full: %" PRIu64 " requests refused, now %s and %s used",
		 r->name, r->path, r->full_events - k->full, bytes, inodes);
	round->tell(round->context, r->name, "error", text);
	k->full = r->full_events;
	k->full_at = round->now;
	k->was_full = true;
}

/* Ramdisks that are gone are forgotten. */
static void forget(struct ramdisk_news *news)
{
	size_t kept = 0;

	for (size_t i = 0; i < news->count; i++)
		if (news->list[i].seen)
			news->list[kept++] = news->list[i];
	news->count = kept;
}

int ramdisk_news_update(struct ramdisk_news *news, const struct vfs_ramdisk *list, size_t count,
			uint64_t now, ramdisk_tell *tell, void *context)
{
	struct round round = { .now = now, .tell = tell, .context = context };

	for (size_t i = 0; i < news->count; i++)
		news->list[i].seen = false;
	for (size_t i = 0; i < count; i++) {
		struct known *k = find(news, &list[i]);

		if (!k)
			return -1;
		k->seen = true;
		tell_full(&round, &list[i], k);
		tell_mark(&round, &list[i], k, BYTES);
		tell_mark(&round, &list[i], k, INODES);
	}
	forget(news);
	return round.again ? (int)(round.again - now) : 0;
}
