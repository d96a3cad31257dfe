/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bank on its partition (docs/banks.md), read without mounting it. The one thing that is changed
 * in a bank that has an image is the digit of its state, in its place on the partition.
 */
#ifndef VISOR_BANK_H
#define VISOR_BANK_H

#include <stdbool.h>
#include <stdint.h>

#include "bootcfg.h"
#include "choice.h"
#include "err.h"
#include "userworld/medium/blkio.h"

struct bank {
	bool there;	   /* boot.cfg was read and makes sense */
	bool has_kernel;   /* the file that it names is there */
	char why_not[200]; /* if not there: what is wrong; "" if the bank is empty */
	struct bootcfg cfg;
	uint64_t state_at; /* of the digit, on the partition */
	uint64_t size;	   /* bytes of the partition */
};

/*
 * Looks at a bank. A bank that is empty or damaged is no failure: there is false then. -1 only
 * if the device does not answer (ERR_UNAVAILABLE).
 */
int bank_look(struct blkio *io, struct bank *b, struct err *e);

/* Bytes of a bank that no file has. ERR_INVALID if it has no file system. */
int bank_free(struct blkio *io, uint64_t *bytes, struct err *e);

/* Behind which byte of a bank no file has anything. ERR_INVALID if it has no file system. */
int bank_end(struct blkio *io, uint64_t *bytes, struct err *e);

/* What the loader makes of it. */
void bank_view(const struct bank *b, struct bank_view *view);

/*
 * One byte: from the state that bank_look() has seen to another, flushed and read back.
 * ERR_CONFLICT if the byte is not what it was any more, or there is none.
 */
int bank_set_state(struct blkio *io, struct bank *b, int to, struct err *e);

enum bank_damage {
	BANK_FILE_GOOD,
	BANK_FILE_BAD,	   /* its bytes are not those of the digest */
	BANK_FILE_MISSING, /* or its place in the file system is damaged */
	BANK_FILE_UNKNOWN, /* boot.cfg has no digests */
};

/* "good", "damaged", "missing", "no digest". */
const char *bank_damage_name(enum bank_damage d);

/*
 * Called for each file of the bank, after it was read. What is not 0 ends it and is returned;
 * NULL: go on.
 */
typedef int bank_verify_fn(void *context, const char *name, uint64_t size, enum bank_damage d,
			   struct err *e);

/*
 * Reads every file of a bank that is there, and compares it with its digest: through one buffer.
 * boot.cfg is told of only if it is not what its own digest says.
 * Returns how many are not good, or -1 if the device does not answer.
 */
int bank_verify(struct blkio *io, const struct bank *b, bank_verify_fn *fn, void *context,
		struct err *e);

#endif
