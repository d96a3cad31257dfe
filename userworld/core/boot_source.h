/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an image that is installed comes from: the bank that the host was started from, or, for one
 * from the network or a CD, a folder on a web server as "make pxe" makes it.
 */
#ifndef VISOR_CORE_BOOT_SOURCE_H
#define VISOR_CORE_BOOT_SOURCE_H

#include "err.h"
#include "userworld/bank/banks.h"
#include "userworld/bank/write.h"

#define BOOT_SOURCE_STEP 65536u /* bytes fetched at once */
#define BOOT_SOURCE_URL 1024	/* bytes of a URL, NUL included */

struct boot_source {
	struct bootcfg cfg;
	uint32_t sizes[1 + BOOTCFG_MODULES]; /* of the kernel, then of each module */
	int bank;			     /* or -1 */
	struct blkio *io;		     /* of the bank */
	struct fat fat;
	char folder[BOOT_SOURCE_URL]; /* its URL, with the last '/', or "" */
	char buf[BOOT_SOURCE_STEP];   /* of what is fetched */
};

/* The running bank. All its files must be good: ERR_CONFLICT. */
int boot_source_bank(struct boot_source *s, const struct banks *banks, struct err *e);

/* A folder, or a file in one. That the files are those of its boot.cfg is seen when they come. */
int boot_source_url(struct boot_source *s, const char *url, struct err *e);

/* Gives all files, kernel first. */
int boot_source_files(struct boot_source *s, struct bank_write *w, struct err *e);

void boot_source_close(struct boot_source *s); /* one of zeros is fine */

#endif
