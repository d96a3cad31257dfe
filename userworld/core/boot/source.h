/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an image that is installed comes from: the bank that the host was started from, or a folder
 * as "make pxe" makes it, on a web server (for a host from the network or a CD) or of this host.
 */
#ifndef VISOR_CORE_BOOT_SOURCE_H
#define VISOR_CORE_BOOT_SOURCE_H

#include <limits.h>

#include "err.h"
#include "userworld/bank/banks.h"
#include "userworld/bank/write.h"
#include "userworld/core/bundle/image.h"

#define BOOT_SOURCE_STEP 65536u /* bytes fetched at once */
#define BOOT_SOURCE_URL 1024	/* bytes of a URL, NUL included */

struct boot_source {
	struct bootcfg cfg;
	uint32_t sizes[1 + BOOTCFG_MODULES]; /* of the kernel, then of each module */
	int bank;			     /* or -1 */
	bool running;			     /* it is the image that runs */
	struct blkio *io;		     /* of the bank */
	struct fat fat;
	size_t n_image;		      /* files, of which those of the image come first */
	struct bundle_image bundles;  /* which come along: one more file */
	char folder[BOOT_SOURCE_URL]; /* its URL or path, with the last '/', or "" */
	char dir[PATH_MAX];	      /* where it is, if it is one of this host, or "" */
	char buf[BOOT_SOURCE_STEP];   /* of what is fetched */
};

/*
 * The image of a folder, or of a file in one, on a web server, or of a folder of this host (a path
 * that begins with '/'); with NULL that of the running bank,
 * if there are banks, or of the server that the host was started from. All files of a bank must be
 * good (ERR_CONFLICT); that those of a folder are what its boot.cfg says is seen when they come.
 */
int boot_source_open(struct boot_source *s, const struct banks *banks, const char *url,
		     struct err *e);

/*
 * That of the running bank only. ERR_CONFLICT if it is not confirmed, has no digests, or is not
 * there; its files are not looked at.
 */
int boot_source_bank(struct boot_source *s, const struct banks *banks, struct err *e);

/*
 * Adds a file with bundles: those that the host has now, if the image is the one that runs, and n
 * others (bundle_image_bring()), which want that image too: ERR_CONFLICT. The caller has
 * bundle_image_lock(), and keeps the list.
 */
int boot_source_bundles(struct boot_source *s, const struct bundle_wanted *list, size_t n,
			struct err *e);

/* Gives all files, kernel first. */
int boot_source_files(struct boot_source *s, struct bank_write *w, struct err *e);

void boot_source_close(struct boot_source *s); /* one of zeros is fine */

#endif
