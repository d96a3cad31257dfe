/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A look through the boot medium: what differs from what it should be is told, and put right if
 * that can be proved (docs/banks.md). The parts of system.boot.scrub.
 */
#ifndef VISOR_CORE_BOOT_SCRUB_H
#define VISOR_CORE_BOOT_SCRUB_H

#include <jansson.h>

#include "boot.h"
#include "known.h"
#include "pace.h"

#define SCRUB_STATUS BOOT_KNOWN "/scrub.json"

struct scrub {
	struct banks *banks;
	struct boot_pace pace;
	const char *image; /* URL of a folder that may have good files, or NULL */
	bool check_only;
	json_t *rows, *before; /* what is found; what was the last time, or NULL */
	unsigned int damaged, mended;
};

enum scrub_result { SCRUB_GOOD, SCRUB_DAMAGED, SCRUB_MENDED, SCRUB_CHANGED, SCRUB_SKIPPED };

/*
 * Adds a row: part "bank 0", name "base.v00" or "". Damage and repairs become events; what was told
 * the last time is not told again.
 */
void scrub_say(struct scrub *s, const char *part, const char *name, enum scrub_result result,
	       const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Each adds its rows. -1: the medium does not answer any more, or the host is short. */
int scrub_bank(struct scrub *s, unsigned int bank, struct err *e);
int scrub_disk(struct scrub *s, struct err *e);

/* What the last look has found, from SCRUB_STATUS; NULL: nobody has looked. */
json_t *scrub_status(void);

/* Text: all that is damaged, with the part that it is in, or "". */
void scrub_problems(const json_t *status, char *text, size_t size);

/* Text for the bank: what of it is damaged, or "". */
void scrub_problem(const json_t *status, unsigned int bank, char *text, size_t size);

#endif
