// SPDX-License-Identifier: Apache-2.0
/* A bank: what is damaged in it, and whether somebody has the right bytes. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "scrub.h"
#include "source_dir.h"
#include "source_url.h"
#include "spare.h"
#include "userworld/bank/mend.h"
#include "userworld/core/internal.h"

/* The report names them when the look is over. */
static const char *const part_names[BANKS] = { "bank 0", "bank 1" };

struct look {
	struct scrub *s;
	unsigned int number;
	const char *part; /* "bank 0" */
	const char *guid;
	struct bank bank;
	struct blkio *io;
	struct bank_layout layout;
	bool remembered; /* the layout is not what the bank says of itself */
	struct bank_report report;
};

static void free_look(struct look **l)
{
	if (*l)
		blkio_close((*l)->io);
	free(*l);
}

static struct look *open_look(struct scrub *s, unsigned int bank, bool writable, struct err *e)
{
	_cleanup_(free_look) struct look *l = calloc(1, sizeof(*l));

	if (!l) {
		core_nomem(e);
		return NULL;
	}
	l->s = s;
	l->number = bank;
	l->part = part_names[bank];
	l->guid = s->banks->medium.part[MEDIUM_BANK0 + bank].guid;
	l->io = banks_open(s->banks, bank, writable, e);
	if (!l->io || bank_look(l->io, &l->bank, e) < 0)
		return NULL;
	return TAKE_PTR(l);
}

static int examine(struct look *l, struct err *e)
{
	return bank_examine(l->io, &l->layout, &l->report, boot_pace, &l->s->pace, e);
}

/* The layout that is remembered. 1, 0 if there is none, -1. */
static int remember(struct look *l, struct err *e)
{
	_cleanup_free_ struct boot_known *k = malloc(sizeof(*k));

	if (!k)
		return core_nomem(e);
	if (boot_known_get(l->guid, k, NULL) < 0)
		return 0;
	return bank_layout_make(&l->layout, l->io->size, l->io->sector, &k->cfg, k->cfg.state,
				k->sizes, NULL) == 0;
}

/*
 * By what the bank says of itself; if that is not so, or says nothing, by what is remembered of
 * it. 1: it was compared, 0: nobody can say what it should have.
 */
static int judge(struct look *l, struct err *e)
{
	int rc = bank_layout_learn(&l->layout, l->io, &l->bank, e);

	if (rc < 0 || (rc > 0 && examine(l, e) < 0))
		return -1;
	if (rc > 0 && !l->report.damaged)
		return 1;
	l->remembered = remember(l, e) > 0;
	if (l->remembered)
		return examine(l, e) < 0 ? -1 : 1;
	if (rc == 0)
		return 0;
	/* The layout above was of another try. */
	return bank_layout_learn(&l->layout, l->io, &l->bank, e);
}

/* Files that were laid out by others can be compared, too, but nothing is written there. */
static int add_bad(void *context, const char *name, uint64_t size, enum bank_damage d,
		   struct err *e)
{
	struct look *l = context;

	(void)size;
	if (d == BANK_FILE_BAD || d == BANK_FILE_MISSING) {
		l->report.damaged++;
		scrub_say(l->s, l->part, name, SCRUB_DAMAGED,
			  "%s: write the bank anew by system "
			  "boot update",
			  l->bank.cfg.self_bad ? "nobody knows what it had"
					       : "its file system is not as this host makes it");
	}
	return boot_pace(&l->s->pace, size, e);
}

static int without_layout(struct look *l, struct err *e)
{
	if (!l->bank.there && !l->bank.why_not[0]) {
		scrub_say(l->s, l->part, "", SCRUB_SKIPPED, "it is empty");
		return 0;
	}
	if (!l->bank.there) {
		scrub_say(l->s, l->part, "", SCRUB_DAMAGED,
			  "%s; it was so when this host first looked, so nobody knows what it had: "
			  "write it anew by system boot update",
			  l->bank.why_not);
		return 0;
	}
	if (bank_verify(l->io, &l->bank, add_bad, l, e) < 0)
		return -1;
	if (!l->report.damaged)
		scrub_say(l->s, l->part, "", SCRUB_GOOD, "%s", l->bank.cfg.build);
	return 0;
}

/* Those who may have good files; returns how many. */
struct sources {
	struct bank_source list[3];
	struct look *other;
	struct bank_beside beside;
	struct boot_source *spare, *folder;
	struct boot_source_reader *url;
};

static void free_sources(struct sources *src)
{
	free_look(&src->other);
	boot_source_reader_close(src->url);
	free(src->spare);
	free(src->folder);
}

/* The copy in memory, which is there without anybody asking for it. */
static void add_spare(struct sources *src, size_t *n)
{
	unsigned int bank;

	src->spare = calloc(1, sizeof(*src->spare));
	if (src->spare && boot_spare_open(src->spare, &bank, NULL) == 0)
		src->list[(*n)++] =
			(struct bank_source){ "memory", boot_source_dir_read, src->spare };
}

static int add_image(struct sources *src, const char *image, size_t *n, struct err *e)
{
	if (*image != '/') {
		if (boot_source_reader_open(&src->url, image, e) < 0)
			return -1;
		src->list[(*n)++] = (struct bank_source){ image, boot_source_read, src->url };
		return 0;
	}
	src->folder = calloc(1, sizeof(*src->folder));
	if (!src->folder)
		return core_nomem(e);
	if (boot_source_open(src->folder, NULL, image, e) < 0)
		return -1;
	src->list[(*n)++] = (struct bank_source){ image, boot_source_dir_read, src->folder };
	return 0;
}

static size_t open_sources(struct scrub *s, unsigned int bank, struct sources *src)
{
	struct err why = ERR_INIT;
	size_t n = 0;

	src->other = open_look(s, 1 - bank, false, NULL);
	if (src->other &&
	    (bank_layout_learn(&src->other->layout, src->other->io, &src->other->bank, NULL) > 0 ||
	     remember(src->other, NULL) > 0)) {
		src->beside = (struct bank_beside){ src->other->io, &src->other->layout };
		src->list[n++] =
			(struct bank_source){ src->other->part, bank_beside_read, &src->beside };
	}
	add_spare(src, &n);
	if (s->image && add_image(src, s->image, &n, &why) < 0)
		scrub_say(s, "image", "", SCRUB_SKIPPED, "%s", why.text);
	return n;
}

/*
 * Is it still the image that was looked at? Who writes another one, even if only the beginning of
 * it, makes it invalid, or something that is no bank: then what is remembered was forgotten before.
 */
static bool is_same(const struct look *l, struct look *now)
{
	if (now->bank.there != l->bank.there)
		return false;
	if (now->bank.there &&
	    (now->bank.cfg.state == BANK_INVALID || !boot_known_same(&now->bank.cfg, &l->bank.cfg)))
		return false;
	return !l->remembered ||
	       (remember(now, NULL) > 0 && boot_known_same(&now->layout.cfg, &l->layout.cfg));
}

/*
 * Nobody writes to a bank without the lock: what was found is put right under it, and what is good
 * remembered, if it still is the image that was looked at. 1; 0 if it is not.
 */
static int settle_locked(struct look *l, bool repair, struct err *e)
{
	_cleanup_(free_look) struct look *now = open_look(l->s, l->number, repair, e);
	_cleanup_(free_sources) struct sources src = { 0 };

	if (!now)
		return -1;
	if (!is_same(l, now))
		return 0;
	if (repair && bank_mend(now->io, &l->layout, src.list, open_sources(l->s, l->number, &src),
				&l->report, e) < 0)
		return -1;
	if (!l->report.damaged && boot_known_put(l->guid, &l->layout, e) < 0)
		return -1;
	return 1;
}

/* 1: it was good and is known already, so nobody need be kept waiting. */
static bool is_settled(const struct look *l)
{
	_cleanup_free_ struct boot_known *k = malloc(sizeof(*k));

	return !l->report.damaged && k && boot_known_get(l->guid, k, NULL) == 0 &&
	       boot_known_same(&k->cfg, &l->layout.cfg);
}

static int settle(struct look *l, struct err *e)
{
	bool repair = l->report.damaged && !l->s->check_only;
	_cleanup_close_ int lock = -1;
	struct err own = ERR_INIT;

	if (is_settled(l))
		return 1;
	lock = boot_lock(&own);
	if (lock >= 0)
		return settle_locked(l, repair, e);
	return own.kind == ERR_CONFLICT ? 0 : err_set(e, own.kind, "%s", own.text);
}

static void say_part(struct look *l, size_t part)
{
	const struct bank_part *p = &l->report.part[part];
	const char *name = bank_part_name(&l->layout, part);

	if (p->health == BANK_MENDED)
		scrub_say(l->s, l->part, name, SCRUB_MENDED, "%u sectors, from %s", p->sectors,
			  p->from ? p->from : "what is known of the image");
	else if (p->health == BANK_DAMAGED)
		scrub_say(l->s, l->part, name, SCRUB_DAMAGED, "%s",
			  p->sectors	     ? "the medium does not keep what is written to it"
			  : l->s->check_only ? "nothing was repaired, by request"
			  : part == BANK_CFG ? "it is written when the files are good"
					     : "no good copy was found: name one by --image, or "
					       "write the bank anew by system boot update");
}

static void say_all(struct look *l)
{
	if (!l->report.damaged && !l->report.mended)
		scrub_say(l->s, l->part, "", SCRUB_GOOD, "%s", l->layout.cfg.build);
	for (size_t i = 0; i < BANK_PARTS; i++)
		if (bank_has_part(&l->layout, i))
			say_part(l, i);
}

int scrub_bank(struct scrub *s, unsigned int bank, struct err *e)
{
	_cleanup_(free_look) struct look *l = open_look(s, bank, false, e);
	int rc;

	if (!l)
		return -1;
	if (l->bank.there && l->bank.cfg.state == BANK_INVALID) {
		scrub_say(s, l->part, "", SCRUB_SKIPPED, "it is invalid: nothing depends on it");
		return 0;
	}
	rc = judge(l, e);
	if (rc <= 0)
		return rc < 0 ? -1 : without_layout(l, e);
	rc = settle(l, e);
	if (rc < 0)
		return -1;
	if (rc > 0)
		say_all(l);
	else
		scrub_say(s, l->part, "", SCRUB_SKIPPED, "another operation is changing it");
	return 0;
}
