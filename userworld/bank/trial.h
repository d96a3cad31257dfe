/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the trial of a bank's image goes: kept in the bank itself, in the file trial.log, which
 * an update makes with its final size. Its bytes are written in their place, so the file system
 * does not change. The file has two slots, which are written in turn: a cut leaves the record of
 * before or the new one.
 */
#ifndef VISOR_TRIAL_H
#define VISOR_TRIAL_H

#include <stddef.h>
#include <stdint.h>

#include "bootcfg.h"
#include "err.h"
#include "userworld/medium/blkio.h"

#define TRIAL_FILE "trial.log"
#define TRIAL_SLOT 32768u
#define TRIAL_SIZE (2 * TRIAL_SLOT)	  /* bytes of the file */
#define TRIAL_TEXT_MAX (TRIAL_SLOT - 512) /* bytes of the end of a log */

enum trial_outcome {
	TRIAL_RUNNING,	 /* still, or the host crashed in it */
	TRIAL_CONFIRMED, /* it is healthy */
	TRIAL_FAILED,	 /* it was not, and the host was restarted */
	TRIAL_GIVEN_UP,	 /* somebody rolled it back */
};

struct trial {
	uint32_t sequence; /* of the record; set by trial_write() */
	enum trial_outcome outcome;
	uint64_t time; /* seconds since 1970 by the host's clock */
	char build[BOOTCFG_BUILD];
	char reason[256];
	size_t len; /* of text */
	char text[TRIAL_TEXT_MAX];
};

/* The bytes of a slot with that record, for who makes the file. */
void trial_pack(const struct trial *t, unsigned char slot[static TRIAL_SLOT]);

/* The newest record. ERR_NOT_FOUND if there is none: an image that was never on trial. */
int trial_read(struct blkio *io, struct trial *t, struct err *e);

/* Writes one and flushes. ERR_NOT_FOUND if the bank has no such file: a medium's first image. */
int trial_write(struct blkio *io, struct trial *t, struct err *e);

/* "running", "confirmed", "failed", "rolled back". */
const char *trial_outcome_name(enum trial_outcome outcome);

#endif
