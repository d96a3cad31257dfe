/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VISOR_CORE_BOOT_SOURCE_URL_H
#define VISOR_CORE_BOOT_SOURCE_URL_H

#include "boot_source.h"

/* File i of a source that is a folder on a web server. */
int boot_source_fetch(struct boot_source *s, size_t i, struct bank_write *w, struct err *e);

#endif
