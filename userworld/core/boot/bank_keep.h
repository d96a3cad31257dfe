/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether and where the bundles of the running host are kept for its next start (docs/banks.md):
 * decided before anything is written. Pure.
 */
#ifndef VISOR_CORE_BOOT_BANK_KEEP_H
#define VISOR_CORE_BOOT_BANK_KEEP_H

#include "userworld/bank/banks.h"

enum bank_keep {
	BANK_KEEP_DONE,	   /* the next start has them already */
	BANK_KEEP_RUNNING, /* the bank that runs has them, but the other one is started next */
	BANK_KEEP_WRITE,   /* the other bank is written */
};

/*
 * ERR_CONFLICT if bundles cannot be kept now: the bank that runs is not confirmed, so that the
 * other one is what the host would go back to; or another image waits there for its first start.
 */
int bank_keep_may(const struct banks *b, struct err *e);

/* What is to be done after that. sha256: of the file with all bundles, "" if there is none. */
enum bank_keep bank_keep_plan(const struct banks *b, const char *sha256);

/* Takes the file with bundles out, if there is one; the number of files that are left. */
size_t bank_keep_strip(struct bootcfg *cfg);

/* boot.cfg of the image that runs without its bundles, and the number of its files. */
size_t bank_keep_base(const struct banks *b, struct bootcfg *cfg);

/*
 * Bundles of so many bytes (0: there are none) behind the modules of an image; sizes has those of
 * its files. ERR_INVALID if it has too many modules, ERR_NO_SPACE if no file of a bank can be so
 * large.
 */
int bank_keep_add(struct bootcfg *cfg, uint32_t *sizes, uint64_t bytes, const char *sha256,
		  struct err *e);

#endif
