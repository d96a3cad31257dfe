/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VISOR_CORE_BOOT_SOURCE_URL_H
#define VISOR_CORE_BOOT_SOURCE_URL_H

#include "source.h"

/* Opens such a source. */
int boot_source_url(struct boot_source *s, const char *url, struct err *e);

/* File i of a source that is a folder on a web server. */
int boot_source_fetch(struct boot_source *s, size_t i, struct bank_write *w, struct err *e);

/* Such a folder as a source of single files (userworld/bank/mend.h), each read in order. */
struct boot_source_reader;

int boot_source_reader_open(struct boot_source_reader **r, const char *url, struct err *e);
void boot_source_reader_close(struct boot_source_reader *r); /* NULL is fine */
int boot_source_read(void *context, const char *digest, void *buf, size_t len, uint32_t at,
		     struct err *e);

#endif
