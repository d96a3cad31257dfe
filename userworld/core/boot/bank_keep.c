// SPDX-License-Identifier: Apache-2.0
#include "bank_keep.h"

#include <stdio.h>
#include <string.h>

#include "userworld/core/bundle/image.h"

static bool has_bundles(const struct bootcfg *cfg)
{
	return cfg->n_modules > 0 &&
	       strcmp(cfg->modules[cfg->n_modules - 1], BUNDLE_IMAGE_FILE) == 0;
}

/* The digest of the file with bundles, which is the last module; "": there is none. */
static const char *digest_of(const struct bootcfg *cfg)
{
	return has_bundles(cfg) ? cfg->digests[cfg->n_modules] : "";
}

static const struct bank *running(const struct banks *b)
{
	return &b->bank[b->medium.bank];
}

static const struct bank *other(const struct banks *b)
{
	return &b->bank[1 - b->medium.bank];
}

/* Are both the same image, whatever bundles they have? */
static bool same_base(const struct bootcfg *x, const struct bootcfg *y)
{
	size_t n = x->n_modules - has_bundles(x);

	if (!x->has_digests || !y->has_digests || n != y->n_modules - has_bundles(y) ||
	    strcmp(x->build, y->build) != 0 || strcmp(x->options, y->options) != 0)
		return false;
	for (size_t i = 0; i <= n; i++)
		if (strcmp(x->digests[i], y->digests[i]) != 0)
			return false;
	return true;
}

static bool waits(const struct banks *b)
{
	return b->view[1 - b->medium.bank].counts && other(b)->cfg.state == BANK_UPGRADING;
}

int bank_keep_may(const struct banks *b, struct err *e)
{
	unsigned int own = b->medium.bank;

	if (!b->view[own].counts || b->view[own].state != BANK_VALID)
		return err_set(
			e, ERR_CONFLICT,
			"bank %u, which runs, is %s: until it is confirmed the other one is "
			"what the host would go back to",
			own, b->view[own].counts ? bank_state_name(b->view[own].state) : "damaged");
	if (!running(b)->cfg.has_digests)
		return err_set(
			e, ERR_CONFLICT,
			"bank %u, which runs, has no digests, so a copy of it cannot be proved",
			own);
	if (waits(b) && !same_base(&running(b)->cfg, &other(b)->cfg))
		return err_set(
			e, ERR_CONFLICT,
			"image %s waits in bank %u for its first start; restart the host, or "
			"give it up by 'system boot bank set --bank=%u'",
			other(b)->cfg.build, 1 - own, own);
	return 0;
}

enum bank_keep bank_keep_plan(const struct banks *b, const char *sha256)
{
	if (waits(b) && strcmp(digest_of(&other(b)->cfg), sha256) == 0)
		return BANK_KEEP_DONE;
	if (strcmp(digest_of(&running(b)->cfg), sha256) == 0)
		return waits(b) ? BANK_KEEP_RUNNING : BANK_KEEP_DONE;
	return BANK_KEEP_WRITE;
}

size_t bank_keep_strip(struct bootcfg *cfg)
{
	cfg->n_modules -= has_bundles(cfg);
	return 1 + cfg->n_modules;
}

size_t bank_keep_base(const struct banks *b, struct bootcfg *cfg)
{
	*cfg = running(b)->cfg;
	cfg->state = BANK_INVALID;
	cfg->updated = bank_next_updated(b->view);
	return bank_keep_strip(cfg);
}

int bank_keep_add(struct bootcfg *cfg, uint32_t *sizes, uint64_t bytes, const char *sha256,
		  struct err *e)
{
	if (!bytes)
		return 0;
	if (bytes > INT32_MAX)
		return err_set(e, ERR_NO_SPACE,
			       "bundles of %llu MiB are more than a file of a bank can have",
			       (unsigned long long)(bytes >> 20));
	if (cfg->n_modules == BOOTCFG_MODULES)
		return err_set(e, ERR_INVALID, "image %s has %d modules, and no place for bundles",
			       cfg->build, BOOTCFG_MODULES);
	snprintf(cfg->modules[cfg->n_modules++], FAT_NAME, "%s", BUNDLE_IMAGE_FILE);
	snprintf(cfg->digests[cfg->n_modules], SHA256_HEX, "%s", sha256);
	sizes[cfg->n_modules] = (uint32_t)bytes;
	return 0;
}
