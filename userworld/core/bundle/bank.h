/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bundles of the running host on its boot medium (docs/banks.md): the other bank becomes a copy
 * of the one that runs, with all bundles that there are now, and is started next.
 */
#ifndef VISOR_CORE_BUNDLE_BANK_H
#define VISOR_CORE_BUNDLE_BANK_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "tardisk/descriptor.h"

struct bundle_kept {
	bool stateless; /* the host has no boot medium: nothing outlives a restart */
	char why[512];	/* why the next start has not what there is now; "" if it has it */
	uint64_t bytes; /* that bundles take on the medium, at most */
	uint64_t room;	/* of the bank, its image included; 0: nothing will be written */
};

/*
 * Before anything changes: would these n, all that there will be, fit? ERR_NO_SPACE says how much
 * is missing. What keeps them from being kept in another way is in *kept, and no error.
 */
int bundle_bank_admit(const struct bundle_descriptor *const *list, size_t n,
		      struct bundle_kept *kept, struct err *e);

/* Writes those that there are. The caller holds BUNDLE_LOCK. */
int bundle_bank_write(struct err *e);

/* The same at the end of a change, which has succeeded in any case: *kept says what came of it. */
void bundle_bank_keep(struct bundle_kept *kept);

#endif
