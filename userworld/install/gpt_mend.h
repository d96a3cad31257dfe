/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two copies of a GUID partition table: one that is damaged is written anew from the other. Its
 * entries first and its header last, so it stays the damaged one until it is whole.
 */
#ifndef VISOR_GPT_MEND_H
#define VISOR_GPT_MEND_H

#include "err.h"
#include "userworld/medium/blkio.h"

enum gpt_health {
	GPT_GOOD,
	GPT_PRIMARY_DAMAGED, /* the one at the start of the disk */
	GPT_BACKUP_DAMAGED,  /* the one at its end, or where the first one says */
	GPT_BOTH_DAMAGED,    /* or of a shape that is not ours */
	GPT_DIFFERENT,	     /* both are whole, and say different things: somebody's change */
};

/* Reads both. -1: the disk does not answer; a sector that cannot be read is damage. */
int gpt_examine(struct blkio *disk, enum gpt_health *health, struct err *e);

/* Puts right what can be. *health: how it was; 1 if it is good now. */
int gpt_mend(struct blkio *disk, enum gpt_health *health, struct err *e);

#endif
