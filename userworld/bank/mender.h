/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One part of a bank after the other, piece by piece: what the medium has, and what it should have.
 * For mend.c only, which says what is done with it.
 */
#ifndef VISOR_BANK_MENDER_H
#define VISOR_BANK_MENDER_H

#include "mend.h"

#define MENDER_STEP 65536u /* bytes at once */
#define MENDER_SECTORS (MENDER_STEP / 512)

struct mender {
	struct blkio *io;
	const struct bank_layout *l;
	bank_pace_fn *pace; /* or NULL */
	void *context;
	unsigned char *head; /* of the file system, as it should be */
	char is[MENDER_STEP], should[MENDER_STEP];
	bool unreadable[MENDER_SECTORS]; /* of the sectors in is */
};

/* io and l stay the caller's. For _cleanup_(mender_free). */
struct mender *mender_new(struct blkio *io, const struct bank_layout *l, struct err *e);
void mender_free(struct mender **m);

/*
 * Whole sectors around len bytes, at most MENDER_STEP, to m->is. One that cannot be read has zeros,
 * and is remembered; -1 if the device does not answer at all.
 */
int mender_read(struct mender *m, size_t len, uint64_t at, struct err *e);

/* Writes what differs of the piece in m->is and m->should; behind its end a sector stays. */
int mender_write(struct mender *m, size_t len, uint64_t at, uint32_t *sectors, struct err *e);

/* Does all of the part follow from boot.cfg? Else it is a file with a digest. */
bool mender_is_known(size_t part);

/* Of such a part: counts the sectors that differ, or writes them. */
int mender_known(struct mender *m, size_t part, bool write, uint32_t *sectors, struct err *e);

/* 1: the part is as it should be. */
int mender_is_good(struct mender *m, size_t part, struct err *e);

#endif
