/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of this host with an image, as "make pxe" makes it, or as the spare in memory is. */
#ifndef VISOR_CORE_BOOT_SOURCE_DIR_H
#define VISOR_CORE_BOOT_SOURCE_DIR_H

#include "source.h"

/*
 * Opens such a source; dir is where the folder is, name what people call it. ERR_NOT_FOUND: it has
 * no boot.cfg, or a file is missing.
 */
int boot_source_dir(struct boot_source *s, const char *dir, const char *name, struct err *e);

/* File i of it. */
int boot_source_dir_file(struct boot_source *s, size_t i, struct bank_write *w, struct err *e);

/* Are all files what their digests say? ERR_INVALID names the one that is not. */
int boot_source_dir_check(struct boot_source *s, struct err *e);

/* A source of single files (userworld/bank/mend.h); context is the opened source. */
int boot_source_dir_read(void *context, const char *digest, void *buf, size_t len, uint32_t at,
			 struct err *e);

#endif
