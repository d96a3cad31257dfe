/* SPDX-License-Identifier: Apache-2.0 */
/* Both banks of the host's boot medium, as they are now. */
#ifndef VISOR_BANKS_H
#define VISOR_BANKS_H

#include "bank.h"
#include "choice.h"
#include "err.h"
#include "userworld/medium/medium.h"

struct banks {
	struct medium medium; /* medium.bank is the running one */
	struct bank bank[BANKS];
	struct bank_view view[BANKS];
	struct bank_choice next; /* what the loader will do */
};

/* ERR_NOT_FOUND, ERR_CONFLICT: as medium_find(). ERR_UNAVAILABLE: it went while it was read. */
int banks_look(const struct medium_where *where, struct banks *b, struct err *e);

/* The device of a bank; the caller closes it. ERR_NOT_FOUND if the medium lacks it. */
struct blkio *banks_open(const struct banks *b, unsigned int bank, bool writable, struct err *e);

/* Changes one state, and b with it. */
int banks_set_state(struct banks *b, unsigned int bank, int to, struct err *e);

#endif
