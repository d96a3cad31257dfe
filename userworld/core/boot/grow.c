// SPDX-License-Identifier: Apache-2.0
/* system.boot.bank.grow: the bank that does not run gets a larger partition. */
#include <stdlib.h>

#include "boot.h"
#include "cleanup.h"
#include "kernel_part.h"
#include "known.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/install/grow.h"

#define MIB (1ull << 20)

struct grow {
	struct banks *banks;
	unsigned int bank; /* the one that grows */
	struct blkio *disk;
	struct gpt_table table;
	size_t entry; /* of it */
	struct grow_plan plan;
	uint64_t keep; /* bytes that hold its files; 0: it has no image */
	bool force;
};

static const struct medium_partition *part_of(const struct grow *g)
{
	return &g->banks->medium.part[MEDIUM_BANK0 + g->bank];
}

static int find_entry(struct grow *g, struct err *e)
{
	const struct medium_partition *part = part_of(g);
	uint64_t first, sectors;

	g->entry = part->number - 1;
	if (!part->number || g->entry >= GPT_ENTRIES ||
	    !gpt_place(&g->table, g->entry, &first, &sectors) || first * GPT_SECTOR != part->offset)
		return err_set(e, ERR_CONFLICT, "%s has no partition %s", g->banks->medium.disk,
			       medium_part_name(MEDIUM_BANK0 + g->bank));
	return 0;
}

/* Its files, as far as the last of them goes. What is damaged or empty has none. */
static int measure(struct grow *g, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = NULL;

	if (!g->banks->bank[g->bank].there)
		return 0;
	io = banks_open(g->banks, g->bank, false, e);
	return io ? bank_end(io, &g->keep, e) : -1;
}

static bool is_lost(const struct grow *g)
{
	return g->keep && g->plan.how == GROW_ANEW;
}

/* The image there may be the only one to go back to. */
static int check_loss(const struct grow *g, struct err *e)
{
	const struct bank_view *running = &g->banks->view[1 - g->bank];

	if (!is_lost(g))
		return 0;
	if (!running->counts || running->state != BANK_VALID)
		return err_set(e, ERR_CONFLICT,
			       "bank %u would lose its image, and bank %u, which runs, is not "
			       "confirmed: 'system boot bank confirm' confirms it",
			       g->bank, 1 - g->bank);
	if (!g->force)
		return err_set(e, ERR_CONFLICT,
			       "bank %u would lose its image (%s), for the new place overlaps the "
			       "old one: with force only",
			       g->bank, g->banks->bank[g->bank].cfg.build);
	return 0;
}

static int make_plan(struct grow *g, json_int_t mib, struct err *e)
{
	_cleanup_free_ struct grow_room *room = malloc(sizeof(*room));
	uint64_t sectors = g->banks->medium.size / GPT_SECTOR;

	if (!room)
		return core_nomem(e);
	if (gpt_load(g->disk, &g->table, e) < 0 || find_entry(g, e) < 0 || measure(g, e) < 0)
		return -1;
	if (grow_room(&g->table, sectors, g->entry, room) < 0)
		return err_set(e, ERR_CONFLICT, "%s: no such partition", g->disk->name);
	if (mib < 0)
		mib = (json_int_t)(part_of(g)->size / MIB * 2);
	if (mib > GROW_MAX_MIB)
		mib = GROW_MAX_MIB;
	if (grow_plan(room, (unsigned int)mib, &g->plan, e) < 0)
		return err_wrap(e, "%s, bank %u", g->disk->name, g->bank);
	return 0;
}

/* Whatever the table says now, also if it was not written to its end. */
static int tell_kernel(struct grow *g, struct err *e)
{
	uint64_t first, sectors;

	gpt_table_read(g->disk, &g->table);
	gpt_place(&g->table, g->entry, &first, &sectors);
	/* Who looked at the medium meanwhile may have told it of the place of before
	 * (medium_wake()). */
	if (kernel_part_forget(g->banks->medium.disk, part_of(g)->number, e) < 0)
		return -1;
	return kernel_part_add(g->banks->medium.disk, part_of(g)->number, first * GPT_SECTOR,
			       sectors * GPT_SECTOR, e);
}

static int change_disk(struct grow *g, struct err *e)
{
	struct err late = ERR_INIT;
	int rc;

	/* Nobody has it open from here on, nor writes to the place that it had. */
	if (kernel_part_forget(g->banks->medium.disk, part_of(g)->number, e) < 0)
		return -1;
	boot_known_forget(part_of(g)->guid);
	rc = grow_write(g->disk, &g->table, g->entry, &g->plan, g->keep, e);
	if (tell_kernel(g, &late) < 0 && rc == 0)
		rc = err_set(e, late.kind,
			     "bank %u is larger, but the kernel does not take it: restart the host "
			     "(%s)",
			     g->bank, late.text);
	return rc;
}

static const char *how_in_words(const struct grow *g)
{
	if (g->plan.how == GROW_STAYS)
		return "in place";
	return g->plan.how == GROW_MOVES ? "moved" : "made anew";
}

static json_t *pack(const struct grow *g, bool dry_run)
{
	const struct bank *bank = &g->banks->bank[g->bank];

	return json_pack("{s:s, s:i, s:I, s:I, s:s, s:s, s:s}", "message",
			 dry_run ? "Dry run: nothing was changed."
				 : "The bank is larger; an update writes to all of it.",
			 "bank", (int)g->bank, "old_size",
			 (json_int_t)(g->plan.from.sectors * GPT_SECTOR), "size",
			 (json_int_t)(g->plan.to.sectors * GPT_SECTOR), "how", how_in_words(g),
			 "build", bank->there ? bank->cfg.build : "", "image",
			 !g->keep     ? "none"
			 : is_lost(g) ? "lost"
				      : "kept");
}

static int grow_bank(struct grow *g, json_t *params, json_t **result, struct err *e)
{
	bool dry_run = json_is_true(json_object_get(params, "dry_run"));

	if (make_plan(g, core_integer(params, "size", -1), e) < 0)
		return -1;
	if (!dry_run) {
		if (check_loss(g, e) < 0 || change_disk(g, e) < 0)
			return -1;
		core_event(EVENT_BANK_GROWN,
			   EVENT_WITH(EVENT_NUM("bank", g->bank),
				      EVENT_NUM("size", g->plan.to.sectors / GROW_MIB)),
			   "Bank %u has %u MiB now", g->bank,
			   (unsigned int)(g->plan.to.sectors / GROW_MIB));
	}
	return core_give(result, pack(g, dry_run), e);
}

static int bank_grow(json_t *params, json_t **result, struct err *e)
{
	bool dry_run = json_is_true(json_object_get(params, "dry_run"));
	_cleanup_free_ struct grow *g = calloc(1, sizeof(*g));
	_cleanup_free_ struct banks *banks = NULL;
	_cleanup_blkio_ struct blkio *disk = NULL;
	_cleanup_close_ int lock = -1;

	if (!g)
		return core_nomem(e);
	if (boot_look_locked(&banks, &lock, e) < 0)
		return -1;
	disk = blkio_open(banks->medium.disk, !dry_run, e);
	if (!disk)
		return -1;
	g->banks = banks;
	g->bank = 1 - banks->medium.bank;
	g->disk = disk;
	g->force = json_is_true(json_object_get(params, "force"));
	return grow_bank(g, params, result, e);
}

static const struct core_param grow_params[] = {
	{ "size", CORE_INT, .min = 3, .max = GROW_MAX_MIB,
	  .help = "MiB; without it twice as many" },
	{ "force", CORE_BOOL, .help = "Although the image in that bank is lost" },
	{ "dry_run", CORE_BOOL, .help = "Only say what would be done" },
	{ 0 },
};

const struct core_op core_boot_grow_ops[] = {
	{
		.name = "system.boot.bank.grow",
		.method = "POST",
		.path = "/system/boot/banks/grow",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK,
		.params = grow_params,
		.run = bank_grow,
		.help = "Gives the bank that does not run a larger partition",
	},
	{ 0 },
};
