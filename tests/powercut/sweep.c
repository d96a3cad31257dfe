// SPDX-License-Identifier: Apache-2.0
#include "tests/powercut/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sweep {
	struct cutdisk *disk;
	const struct cutsweep_options *o;
	struct cutsweep_result *r;
	const struct cutlog_entry *list; /* of this stretch */
	size_t count;
	const size_t *flushed;	/* count + 1: of so many writes the first ones that were flushed */
	struct cutview *prefix; /* count + 1: what starts after so many writes */
	uint64_t seed;
	uint64_t frame; /* what only an install writes, when it is done */
	bool begun;
};

static size_t random_below(struct sweep *s, size_t n)
{
	s->seed = s->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (size_t)(s->seed >> 33) % n;
}

/* The first sectors of a write, and so many bytes of the one behind them. */
static void apply(struct sweep *s, const struct cutlog_entry *entry, uint64_t sectors, size_t bytes)
{
	uint8_t torn[CUT_SECTOR];
	uint64_t i;

	for (i = 0; i < sectors; i++)
		cutdisk_set(s->disk, entry->at + i * CUT_SECTOR,
			    entry->data ? entry->data + i * CUT_SECTOR : NULL);
	if (!bytes || i * CUT_SECTOR >= entry->len || entry->at + i * CUT_SECTOR >= s->disk->size)
		return;
	memcpy(torn, s->disk->journal.bytes + entry->at + i * CUT_SECTOR, CUT_SECTOR);
	if (entry->data)
		memcpy(torn, entry->data + i * CUT_SECTOR, bytes);
	else
		memset(torn, 0, bytes);
	cutdisk_set(s->disk, entry->at + i * CUT_SECTOR, torn);
}

static void apply_whole(struct sweep *s, const struct cutlog_entry *entry)
{
	apply(s, entry, entry->len / CUT_SECTOR, 0);
}

static bool same_start(const struct cutview *a, const struct cutview *b)
{
	return a->nothing == b->nothing && a->bank == b->bank && a->updated == b->updated;
}

static bool same_state(const struct cutview *a, const struct cutview *b)
{
	return a->generation == b->generation && memcmp(a->sum, b->sum, sizeof(a->sum)) == 0;
}

/* Why what starts from this disk is neither old nor new: the cut came after so many writes. */
static bool judge(const struct sweep *s, const struct cutview *v, size_t last, char why[static 300])
{
	const struct cutview *old = &s->prefix[s->flushed[last]];
	bool start = false, state = false;

	if (v->why[0]) {
		snprintf(why, 300, "%s", v->why);
		return false;
	}
	for (size_t i = s->flushed[last]; i <= last; i++) {
		start |= same_start(v, &s->prefix[i]);
		state |= same_state(v, &s->prefix[i]);
	}
	state &= v->generation >= old->generation;
	start &= !v->nothing || old->nothing;
	if (!start && v->nothing)
		snprintf(why, 300, "nothing starts any more");
	else if (!start)
		snprintf(why, 300, "bank %u with number %lu starts", v->bank, v->updated);
	else if (!state)
		snprintf(why, 300, "generation %llu of state is loaded, not %llu to %llu",
			 (unsigned long long)v->generation, (unsigned long long)old->generation,
			 (unsigned long long)s->prefix[last].generation);
	return start && state;
}

static void keep(const struct sweep *s, const struct cutview *v)
{
	for (unsigned int i = 0; i < s->o->keeps; i++) {
		struct cutkeep *k = &s->o->keep[i];

		if (k->disk == s->r->disks) {
			k->kept = cutdisk_write(s->disk, k->file, NULL) == 0;
			k->view = *v;
		}
	}
}

static void check(struct sweep *s, size_t last, const char *what, size_t number)
{
	struct cutview v;
	char why[300] = "";

	cutview_look(s->disk, s->frame, &v);
	s->r->disks++;
	s->r->nothing += v.nothing;
	keep(s, &v);
	if (!judge(s, &v, last, why) && s->r->failures++ == 0)
		snprintf(s->r->first, sizeof(s->r->first),
			 "disk %lu, %zu writes since the last flush, %s %zu: %s", s->r->disks,
			 s->count, what, number, why);
}

/* Every prefix; what starts then is what later disks are compared with. */
static void check_prefixes(struct sweep *s)
{
	size_t before = s->disk->journal.count;

	for (size_t i = 0; i <= s->count; i++) {
		cutview_look(s->disk, s->frame, &s->prefix[i]);
		check(s, i, "the first", i);
		if (i > 0 && !same_start(&s->prefix[i], &s->prefix[i - 1]))
			s->r->changes++;
		if (i < s->count)
			apply_whole(s, &s->list[i]);
	}
	cutdisk_back(s->disk, before);
}

static void check_torn(struct sweep *s)
{
	size_t before = s->disk->journal.count;

	for (size_t i = 0; i < s->count; i++) {
		const struct cutlog_entry *entry = &s->list[i];
		uint64_t sectors = entry->len / CUT_SECTOR;
		size_t mark = s->disk->journal.count;

		for (unsigned int t = 0; t < s->o->tears; t++) {
			apply(s, entry, sectors * t / s->o->tears,
			      1 + random_below(s, CUT_SECTOR - 1));
			check(s, i + 1 <= s->count ? i + 1 : i, "torn: write", i + 1);
			cutdisk_back(s->disk, mark);
		}
		apply_whole(s, entry);
	}
	cutdisk_back(s->disk, before);
}

static void check_sets(struct sweep *s)
{
	unsigned int sets = s->count < 2 ? 0 : s->o->sets;
	size_t before = s->disk->journal.count;

	if (s->count < 6 && sets > 1u << s->count)
		sets = 1u << s->count;
	for (unsigned int n = 0; n < sets; n++) {
		/* Up to which write it went: half of them to the last, on which the others may
		 * wait. */
		size_t end = n % 2 ? s->count : 1 + random_below(s, s->count);

		for (size_t i = 0; i < end; i++) {
			uint64_t sectors = s->list[i].len / CUT_SECTOR;
			size_t dice = random_below(s, 8);

			if (s->list[i].sure || dice > 3)
				apply_whole(s, &s->list[i]);
			else if (dice > 2)
				apply(s, &s->list[i], random_below(s, sectors ? sectors : 1),
				      random_below(s, CUT_SECTOR));
		}
		check(s, end, "random set", n);
		cutdisk_back(s->disk, before);
	}
}

static void stretch(struct sweep *s, const struct cutlog_entry *list, size_t count,
		    const size_t *flushed)
{
	s->list = list;
	s->count = count;
	s->flushed = flushed;
	s->prefix = calloc(count + 1, sizeof(*s->prefix));
	if (!s->prefix)
		abort();
	check_prefixes(s);
	check_torn(s);
	check_sets(s);
	if (!s->begun)
		s->r->first_generation = s->prefix[0].generation;
	s->begun = true;
	s->r->last_generation = s->prefix[count].generation;
	free(s->prefix);
	for (size_t i = 0; i < count; i++)
		apply_whole(s, &list[i]);
	/* Nobody goes back behind a flush. */
	s->disk->journal.count = 0;
}

/* What only an install writes, as it is after the whole log. */
static uint64_t whole_frame(struct sweep *s, const struct cutlog *log)
{
	uint64_t sum;

	for (size_t i = 0; i < log->count; i++)
		apply_whole(s, &log->list[i]);
	sum = cutdisk_frame(s->disk);
	cutdisk_back(s->disk, 0);
	return sum;
}

/*
 * Takes the log as stretches between flushes. A disk that ignores them has one stretch; what had
 * been promised when the cut came is the same.
 */
void cutsweep(struct cutdisk *d, const struct cutlog *log, const struct cutsweep_options *o,
	      struct cutsweep_result *r)
{
	struct sweep s = { .disk = d, .o = o, .r = r, .seed = o->seed };
	struct cutlog_entry *writes = calloc(log->count + 1, sizeof(*writes));
	size_t *flushed = calloc(log->count + 1, sizeof(*flushed));
	size_t count = 0, promised = 0;
	unsigned int run = 0;

	if (!writes || !flushed)
		abort();
	memset(r, 0, sizeof(*r));
	s.frame = whole_frame(&s, log);
	for (size_t i = 0; i < log->count; i++) {
		const struct cutlog_entry *entry = &log->list[i];

		if (entry->flush) {
			r->flushes++;
			promised = count;
			if (!o->ignore_flushes && count) {
				stretch(&s, writes, count, flushed);
				count = promised = 0;
			}
		}
		if (entry->len) {
			r->writes++;
			writes[count] = *entry;
			writes[count++].sure &= !o->ignore_flushes;
			flushed[count] = promised;
		}
		while (run < log->runs && log->run[run].end == i + 1)
			r->run[run++] = r->disks;
	}
	stretch(&s, writes, count, flushed);
	r->run[log->runs - 1] = r->disks;
	free(writes);
	free(flushed);
}
