// SPDX-License-Identifier: Apache-2.0
#include "banks.h"

#include <stdio.h>

struct blkio *banks_open(const struct banks *b, unsigned int bank, bool writable, struct err *e)
{
	const struct medium_partition *p = &b->medium.part[MEDIUM_BANK0 + bank];

	if (p->present)
		return blkio_open(p->device, writable, e);
	err_set(e, ERR_NOT_FOUND, "%s has no partition %s", b->medium.disk,
		medium_part_name(MEDIUM_BANK0 + bank));
	return NULL;
}

static void judge(struct banks *b)
{
	for (unsigned int i = 0; i < BANKS; i++)
		bank_view(&b->bank[i], &b->view[i]);
	bank_choose(b->view, &b->next);
}

static int look_at(struct banks *b, unsigned int i, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = NULL;
	struct err own = ERR_INIT;

	b->bank[i] = (struct bank){ .cfg.state = BANK_UNKNOWN };
	io = banks_open(b, i, false, &own);
	if (io)
		return bank_look(io, &b->bank[i], e);
	if (own.kind == ERR_NOT_FOUND) {
		snprintf(b->bank[i].why_not, sizeof(b->bank[i].why_not), "%.199s", own.text);
		return 0;
	}
	if (e)
		*e = own;
	return -1;
}

int banks_look(const struct medium_where *where, struct banks *b, struct err *e)
{
	if (medium_find_at(where, &b->medium, e) < 0)
		return -1;
	for (unsigned int i = 0; i < BANKS; i++)
		if (look_at(b, i, e) < 0)
			return -1;
	judge(b);
	return 0;
}

int banks_set_state(struct banks *b, unsigned int bank, int to, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = banks_open(b, bank, true, e);

	if (!io || bank_set_state(io, &b->bank[bank], to, e) < 0)
		return -1;
	judge(b);
	return 0;
}
