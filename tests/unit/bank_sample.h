/* SPDX-License-Identifier: Apache-2.0 */
/* Small banks on disks in memory. */
#ifndef TESTS_UNIT_BANK_SAMPLE_H
#define TESTS_UNIT_BANK_SAMPLE_H

#include "tests/unit/powercut.h"
#include "userworld/bank/bank.h"

#define SAMPLE_SIZE (2304u << 10) /* bytes of such a bank: a small FAT16 */
#define SAMPLE_FILES 3		  /* vmlinuz, stage0.img, base.v00 */

/* An image: what is in its files follows from its number. */
struct sample {
	unsigned int number;
	struct bootcfg cfg; /* updated is the number */
	uint32_t sizes[SAMPLE_FILES];
	unsigned char *data[SAMPLE_FILES];
};

void sample_make(struct sample *s, unsigned int number);
void sample_free(struct sample *s);

/* Writes it to a disk as an update would; returns bank_write_end(). */
int sample_write(const struct sample *s, struct blkio *io, int state, struct err *e);

/* A disk with it, in that state, nothing of it recorded. */
struct powercut *sample_disk(const struct sample *s, int state);

/* An update of the bank on a disk, for sample_startable_is_whole(). */
struct sample_update {
	const struct sample *old;
	const struct sample *new;
	int old_state;
	unsigned long seen_old, seen_nothing, seen_new;
};

/*
 * What a loader may start (states 0, 1, 2) is the old image as a whole or the new one as a whole;
 * and also what it takes when nothing else is left (3) is no mixture if it was never being written.
 */
int sample_startable_is_whole(void *context, struct blkio *disk, char why[static 256]);

#endif
