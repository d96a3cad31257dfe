/* SPDX-License-Identifier: Apache-2.0 */
/* What a host would make of a disk at its next start: which bank the loader starts, which state is
 * loaded. */
#ifndef TESTS_POWERCUT_VIEW_H
#define TESTS_POWERCUT_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/powercut/disk.h"
#include "userworld/bank/choice.h"
#include "userworld/state/layout.h"

struct cutview {
	bool nothing; /* no firmware takes it for a medium: it is not installed yet */
	enum bank_reason reason;
	unsigned int bank;
	unsigned long updated; /* of that bank: says which image it is */
	uint64_t generation;   /* of the state, 0 for none */
	uint8_t sum[STATE_SUM];
	bool store;    /* there is a store of state, maybe an empty one */
	char why[200]; /* why no host starts from this, "" if one does */
};

/*
 * A disk that starts must have boot sector, tables and loaders with the sum frame: those of the
 * install when it is done.
 *
 * Looks, and has the loader change the banks as it does then; after a start that fails the next one
 * is looked at too: a host must start from that as well. The disk is as before.
 */
void cutview_look(struct cutdisk *d, uint64_t frame, struct cutview *v);

/* How often something was really read, and not known from before. */
extern unsigned long cutview_verified, cutview_loaded;

#endif
