/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where everything of an image is in a bank, and all bytes around its files: they follow from
 * boot.cfg and from the sizes of the files. So a bank can be written, and what is damaged in one
 * can be told. Pure but for bank_layout_learn().
 */
#ifndef VISOR_BANK_LAYOUT_H
#define VISOR_BANK_LAYOUT_H

#include "bank.h"
#include "fat_make.h"

enum {
	BANK_CFG, /* boot.cfg is the first, so that it always has the same place */
	BANK_SUMS,
	BANK_TRIAL,
	BANK_FIRST, /* the kernel; then the modules */
	BANK_FILES = BANK_FIRST + 1 + BOOTCFG_MODULES,
};

struct bank_layout {
	struct bootcfg cfg;
	struct fat_plan plan;
	struct fat_new_file files[BANK_FILES];
	size_t n;
	size_t text_len;
	char text[BOOTCFG_MAX]; /* of boot.cfg */
	char sums[BOOTCFG_SUMS_MAX];
};

/*
 * For a partition of that many bytes. ERR_NO_SPACE says how much is missing. sizes: of the kernel,
 * then of each module.
 */
int bank_layout_make(struct bank_layout *l, uint64_t size, unsigned int sector,
		     const struct bootcfg *cfg, int state, const uint32_t *sizes, struct err *e);

/*
 * The layout of a bank that is there; if one bit of its boot.cfg has turned around, that of before.
 * 1; 0 if its files are elsewhere, as others than
 * bank_write_start() place them, or cannot be found; -1 if the device does not answer.
 */
int bank_layout_learn(struct bank_layout *l, struct blkio *io, const struct bank *b, struct err *e);

/* The sizes of its files, kernel first. */
void bank_layout_sizes(const struct bank_layout *l, uint32_t sizes[static 1 + BOOTCFG_MODULES]);

/* The file with that digest, or NULL. */
const struct fat_new_file *bank_layout_find(const struct bank_layout *l, const char *digest);

/* The digest that a file should have; file from BANK_FIRST on. */
static inline const char *bank_layout_digest(const struct bank_layout *l, size_t file)
{
	return l->cfg.digests[file - BANK_FIRST];
}

#endif
