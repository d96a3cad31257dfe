/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot.cfg(5) of a bank: a GRUB environment block, so that the loader and the host change the
 * same byte in it. Pure: text in, text out.
 */
#ifndef VISOR_BOOTCFG_H
#define VISOR_BOOTCFG_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "fat.h"
#include "tardisk/sha256.h"

#define BOOTCFG_FILE "boot.cfg"
#define BOOTCFG_MAX 65536	  /* bytes of the file */
#define BOOTCFG_SUMS "sha256.txt" /* the digests for the loader, beside it */
#define BOOTCFG_SUMS_MAX ((1 + BOOTCFG_MODULES) * (64 + 2 + FAT_NAME))
#define BOOTCFG_BLOCK 1024   /* its size is a multiple of this */
#define BOOTCFG_MODULES 64   /* at most */
#define BOOTCFG_OPTIONS 2048 /* bytes of the kernel's command line, NUL included */
#define BOOTCFG_BUILD 64     /* bytes of the build, NUL included */

/* The states of a bank. */
enum {
	BANK_UNKNOWN = -1,
	BANK_VALID = 0,	    /* confirmed */
	BANK_UPGRADING = 1, /* complete, never started */
	BANK_DIRTY = 2,	    /* started once, not confirmed */
	BANK_INVALID = 3,   /* being written, failed, or rolled back */
};

struct bootcfg {
	int state;	       /* BANK_UNKNOWN: none, or none of the four */
	unsigned long updated; /* 0: none */
	char build[BOOTCFG_BUILD];
	char kernel[FAT_NAME];
	char options[BOOTCFG_OPTIONS];
	size_t n_modules;
	char modules[BOOTCFG_MODULES][FAT_NAME];
	bool has_digests;			       /* "sha256" is there */
	char digests[1 + BOOTCFG_MODULES][SHA256_HEX]; /* of the kernel, then of each module */
	size_t state_at; /* where the digit of the state is in the text */
	bool has_self;	 /* "self" is there: a digest of the text before it */
	bool self_bad;	 /* and the text is another one, or something stands behind it */
};

/*
 * Keys that are not known are passed over: a newer image may have more. ERR_INVALID names
 * the line that cannot be, e.g. a key that is there twice.
 */
int bootcfg_parse(const char *text, size_t len, struct bootcfg *cfg, struct err *e);

/*
 * The text, filled up to whole blocks, with a digest of itself if has_self; state_at is set.
 * Returns its length; ERR_INVALID if something cannot be written in it, or it is longer than size.
 */
int bootcfg_print(struct bootcfg *cfg, char *text, size_t size, struct err *e);

/*
 * Of a text that is not what its own digest says: finds the one bit that has turned around, and
 * turns it back. True if there is one; two at once are beyond it.
 */
bool bootcfg_fix(char *text, size_t len);

/*
 * The text of BOOTCFG_SUMS, as sha256sum(1) and GRUB's hashsum have it: a line for each file with
 * its digest. Returns its length; needs digests.
 */
size_t bootcfg_sums(const struct bootcfg *cfg, char text[static BOOTCFG_SUMS_MAX]);

/* File i of the bank: 0 is the kernel, then the modules in order; NULL behind the last. */
const char *bootcfg_file(const struct bootcfg *cfg, size_t i);

/* "valid", "upgrading", "dirty", "invalid", "unknown". */
const char *bank_state_name(int state);

#endif
