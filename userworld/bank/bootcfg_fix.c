// SPDX-License-Identifier: Apache-2.0
/*
 * One bit of boot.cfg that has turned around, by the digest that it has of itself: each is tried. A
 * start forgets what the bank had, so there may be nobody else who knows.
 */
#include <stdlib.h>

#include "bootcfg.h"
#include "cleanup.h"

static bool is_whole(const char *text, size_t len, struct bootcfg *cfg)
{
	return bootcfg_parse(text, len, cfg, NULL) == 0 && cfg->has_self && !cfg->self_bad;
}

bool bootcfg_fix(char *text, size_t len)
{
	_cleanup_free_ struct bootcfg *cfg = malloc(sizeof(*cfg));

	/* What it would take for a text of the largest size is not worth it. */
	if (!cfg || len > 4 * BOOTCFG_BLOCK || is_whole(text, len, cfg))
		return false;
	for (size_t bit = 0; bit < len * 8; bit++) {
		text[bit / 8] ^= (char)(1 << bit % 8);
		if (is_whole(text, len, cfg))
			return true;
		text[bit / 8] ^= (char)(1 << bit % 8);
	}
	return false;
}
