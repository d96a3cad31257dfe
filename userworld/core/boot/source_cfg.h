/* SPDX-License-Identifier: Apache-2.0 */
/* What folders of this host and of web servers have in common: a boot.cfg that names the files. */
#ifndef VISOR_CORE_BOOT_SOURCE_CFG_H
#define VISOR_CORE_BOOT_SOURCE_CFG_H

#include "source.h"

/*
 * Takes the bytes of its boot.cfg into s->cfg; s->folder is set. ERR_INVALID: damaged, or it names
 * no kernel, no build or no digests.
 */
int boot_source_cfg(struct boot_source *s, const char *text, size_t len, struct err *e);

/* Has each file that s->cfg names measured, into s->sizes. */
int boot_source_measure(struct boot_source *s,
			int (*measure)(struct boot_source *s, size_t i, struct err *e),
			struct err *e);

#endif
