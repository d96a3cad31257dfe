// SPDX-License-Identifier: Apache-2.0
#include "bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/core/boot/bank_keep.h"
#include "userworld/core/boot/boot.h"
#include "userworld/core/boot/known.h"
#include "userworld/core/boot/progress.h"
#include "image.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/bank/copy.h"

/* What the other bank is to have. */
struct copy {
	struct bootcfg cfg;
	size_t n_base; /* files of the image */
	uint32_t sizes[1 + BOOTCFG_MODULES];
	struct fat fat; /* of the bank that runs */
};

/* The image that runs, without bundles. io must outlive *c. */
static int plan_base(struct copy *c, const struct banks *b, struct blkio *io, struct err *e)
{
	c->n_base = bank_keep_base(b, &c->cfg);
	if (fat_open(&c->fat, io, e) < 0)
		return -1;
	return bank_copy_sizes(&c->fat, &c->cfg, c->n_base, c->sizes, e);
}

static int fits(const struct copy *c, const struct blkio *io, struct err *e)
{
	if (bank_write_fits(io->size, io->sector, &c->cfg, c->sizes, e) == 0)
		return 0;
	return err_wrap(e, "the bundles do not fit in a bank beside the image");
}

static int admit(const struct banks *b, const struct bundle_descriptor *const *list, size_t n,
		 struct bundle_kept *kept, struct err *e)
{
	static const char some[] =
		"0000000000000000000000000000000000000000000000000000000000000000";
	_cleanup_blkio_ struct blkio *from = banks_open(b, b->medium.bank, false, e);
	_cleanup_blkio_ struct blkio *to = banks_open(b, 1 - b->medium.bank, false, e);
	_cleanup_free_ struct copy *c = calloc(1, sizeof(*c));

	if (!c)
		return core_nomem(e);
	kept->bytes = bundle_image_bound(list, n);
	if (!from || !to || plan_base(c, b, from, e) < 0 ||
	    bank_keep_add(&c->cfg, c->sizes, kept->bytes, some, e) < 0)
		return -1;
	kept->room = to->size;
	return fits(c, to, e);
}

/* What is only for now is said, and does not keep anybody from installing it. */
static int excuse(struct bundle_kept *kept, const struct err *why)
{
	snprintf(kept->why, sizeof(kept->why), "%s", why->text);
	return 0;
}

int bundle_bank_admit(const struct bundle_descriptor *const *list, size_t n,
		      struct bundle_kept *kept, struct err *e)
{
	_cleanup_free_ struct banks *b = NULL;
	struct err own = ERR_INIT;

	*kept = (struct bundle_kept){ .stateless = !boot_has_medium() };
	if (kept->stateless)
		err_set(&own, ERR_NOT_FOUND, "this host has no boot medium");
	if (kept->stateless || boot_look(&b, &own) < 0 || bank_keep_may(b, &own) < 0)
		return excuse(kept, &own);
	if (admit(b, list, n, kept, &own) == 0)
		return 0;
	if (own.kind != ERR_NO_SPACE && own.kind != ERR_INVALID)
		return excuse(kept, &own);
	if (e)
		*e = own;
	return -1;
}

/* All of it is read back and compared with the digests before it counts. */
static int write_files(struct copy *c, const struct bundle_image *m, struct bank_write *w,
		       struct err *e)
{
	for (size_t i = 0; i < c->n_base; i++)
		if (bank_copy_file(&c->fat, &c->cfg, i, w, e) < 0)
			return -1;
	if (bundle_image_write(m, w, e) < 0)
		return -1;
	return bank_write_end(w, BANK_UPGRADING, e);
}

static int write_to(struct copy *c, const struct bundle_image *m, const struct banks *b,
		    struct blkio *to, struct err *e)
{
	unsigned int target = 1 - b->medium.bank;
	struct progress progress;
	struct bank_write *w;
	int rc;

	if (b->bank[target].there)
		boot_note(b, target, TRIAL_GIVEN_UP, "bundles were being written to it");
	boot_known_forget(b->medium.part[MEDIUM_BANK0 + target].guid);
	to = progress_files(&progress, to, c->sizes, 1 + c->cfg.n_modules, 2);
	if (bank_write_start(&w, to, &c->cfg, c->sizes, e) < 0)
		return -1;
	rc = write_files(c, m, w, e);
	bank_write_free(w);
	if (rc < 0)
		return err_wrap(e, "bank %u is not complete, and invalid", target);
	core_event(EVENT_BANK_BUNDLES, EVENT_WITH(EVENT_NUM("bank", target)),
		   "The bundles of this host are in bank %u, which is started next", target);
	return 0;
}

static int write_bank(const struct banks *b, const struct bundle_image *m, struct err *e)
{
	_cleanup_blkio_ struct blkio *from = banks_open(b, b->medium.bank, false, e);
	_cleanup_blkio_ struct blkio *to = banks_open(b, 1 - b->medium.bank, true, e);
	_cleanup_free_ struct copy *c = calloc(1, sizeof(*c));

	if (!c)
		return core_nomem(e);
	/* What is damaged is not copied. */
	if (!from || !to || plan_base(c, b, from, e) < 0 ||
	    bank_keep_add(&c->cfg, c->sizes, m->size, m->sha256, e) < 0 || fits(c, to, e) < 0 ||
	    boot_check_files(b, b->medium.bank, e) < 0)
		return -1;
	return write_to(c, m, b, to, e);
}

static int write_set(const struct bundle_image *m, struct err *e)
{
	_cleanup_free_ struct banks *b = NULL;
	_cleanup_close_ int lock = -1;

	if (boot_look_locked(&b, &lock, e) < 0 || bank_keep_may(b, e) < 0)
		return -1;
	switch (bank_keep_plan(b, m->sha256)) {
	case BANK_KEEP_DONE:
		return 0;
	case BANK_KEEP_RUNNING:
		return boot_choose(b, b->medium.bank, NULL, e);
	default:
		return write_bank(b, m, e);
	}
}

int bundle_bank_write(struct err *e)
{
	_cleanup_(bundle_image_free) struct bundle_image m = { 0 };

	if (bundle_image_load(&m, e) < 0 || bundle_image_measure(&m, e) < 0)
		return -1;
	return write_set(&m, e);
}

void bundle_bank_keep(struct bundle_kept *kept)
{
	struct err own = ERR_INIT;

	*kept = (struct bundle_kept){ .stateless = !boot_has_medium() };
	if (kept->stateless) {
		snprintf(kept->why, sizeof(kept->why), "this host has no boot medium");
	} else if (bundle_bank_write(&own) < 0) {
		excuse(kept, &own);
		core_event(EVENT_BANK_BUNDLES_FAILED, EVENT_WITH(EVENT_STR("reason", own.text)),
			   "The next start will not have the bundles of now: %s", own.text);
	}
}
