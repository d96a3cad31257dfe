/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bank against the layout that it should have: what differs is found, and put right if there is
 * somebody to have the right bytes from.
 *
 * A repair writes the sectors that differ and no others, each with what belongs there. So whatever
 * part of it a cut of the power leaves undone, no sector is worse than before, and the same repair
 * finds the rest. boot.cfg comes last, its first sector behind the others, and only when all else
 * is good: a bank that did not count does not count before it is whole.
 */
#ifndef VISOR_BANK_MEND_H
#define VISOR_BANK_MEND_H

#include "layout.h"

/* What is looked at: files by their place in the layout (the record of a trial is none), and: */
#define BANK_HEAD BANK_FILES /* first sector, tables, root folder */
#define BANK_PARTS (BANK_FILES + 1)

enum bank_health {
	BANK_GOOD,
	BANK_DAMAGED, /* and still is: nobody had the right bytes, or writing was in vain */
	BANK_MENDED,
};

struct bank_part {
	enum bank_health health;
	uint32_t sectors; /* that were written */
	const char *from; /* name of the source of a file's bytes, NULL for what follows from
			     boot.cfg */
};

struct bank_report {
	struct bank_part part[BANK_PARTS];
	unsigned int damaged, mended; /* parts */
};

/* Called after so many bytes were read; not 0 ends the look, which returns it. */
typedef int bank_pace_fn(void *context, size_t bytes, struct err *e);

/*
 * Looks at all of the bank and writes nothing. A sector that cannot be read is damage; -1 if the
 * device does not answer at all.
 */
int bank_examine(struct blkio *io, const struct bank_layout *l, struct bank_report *r,
		 bank_pace_fn *pace, void *context, struct err *e);

/* One who may have the bytes of a file. What it gives is compared with the digest. */
struct bank_source {
	const char *name;
	int (*read)(void *context, const char *digest, void *buf, size_t len, uint32_t at,
		    struct err *e);
	void *context;
};

/*
 * Looks again at the parts that *r has as damaged, and puts them right. 0 even if something could
 * not be: *r says so. -1: the device fails.
 */
int bank_mend(struct blkio *io, const struct bank_layout *l, const struct bank_source *sources,
	      size_t n, struct bank_report *r, struct err *e);

/* Another bank as a source: its context. */
struct bank_beside {
	struct blkio *io;
	const struct bank_layout *layout;
};
int bank_beside_read(void *context, const char *digest, void *buf, size_t len, uint32_t at,
		     struct err *e);

/* Of a part: "file system", "boot.cfg", "base.v00". */
const char *bank_part_name(const struct bank_layout *l, size_t part);

/* Is there anything to be looked at? */
static inline bool bank_has_part(const struct bank_layout *l, size_t part)
{
	return part == BANK_HEAD || (part < l->n && part != BANK_TRIAL);
}

#endif
