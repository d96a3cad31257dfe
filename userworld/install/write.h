/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole disk becomes a medium with one image (docs/media.md, "Installing"): where everything
 * goes, and in which order it is written, so that a cut of the power leaves the disk as it was, one
 * from which nothing starts, or the new one as a whole.
 */
#ifndef VISOR_INSTALL_WRITE_H
#define VISOR_INSTALL_WRITE_H

#include "gpt.h"
#include "userworld/bank/write.h"
#include "userworld/medium/medium.h"

/* Bytes before the first partition and behind the last: tables, and what others keep there. */
#define INSTALL_EDGE (1u << 20)

#define INSTALL_CODE 440 /* bytes of the boot sector's code; the skeleton has a sector for it */

/* Bytes, multiples of 512. */
struct install_layout {
	uint64_t bios, esp, state, bank; /* partitions */
	uint64_t edge; /* cleared at both ends of the disk: GPT_SECTOR + GPT_COPY to INSTALL_EDGE */
};

struct install_plan {
	uint64_t disk, edge; /* bytes */
	uint64_t transfer;   /* bytes that are written and read back, nearly */
	struct {
		uint64_t at, size; /* bytes */
	} part[MEDIUM_PARTS];
};

/* What is written, and where it comes from. */
struct install_image {
	const struct bootcfg *cfg; /* with digests */
	const uint32_t *sizes;	   /* of the kernel, then of each module */
	unsigned int bank;	   /* where it goes; the other one stays empty */
	unsigned long updated;	   /* and its number, from 1 */

	/* Gives all files, kernel first, to bank_write_add(). */
	int (*files)(void *context, struct bank_write *w, struct err *e);

	/* The next len bytes of the skeleton: a sector with boot code, then BIOS and ESP. */
	int (*skeleton)(void *context, void *buf, size_t len, struct err *e);

	/* Writes a first generation to the partition for state, all zeros; NULL: none. */
	int (*state)(void *context, struct blkio *part, struct err *e);
	void *context;
};

/* GUIDs, marked (gpt_guid_mark()): of the disk, then of each partition. */
struct install_guids {
	uint8_t disk[GPT_GUID];
	uint8_t part[MEDIUM_PARTS][GPT_GUID];
};

/*
 * Where everything goes on a disk of that many bytes, if it and the image fit: ERR_NO_SPACE says
 * how much is missing, ERR_INVALID is for sectors that cannot be.
 */
int install_plan(struct install_plan *plan, const struct install_layout *layout, uint64_t size,
		 unsigned int sector, const struct install_image *image, struct err *e);

/* Writes everything, reads it back and compares it. After 0 the disk starts. */
int install_write(struct blkio *disk, const struct install_plan *plan,
		  const struct install_image *image, const struct install_guids *guids,
		  struct err *e);

#endif
