/* SPDX-License-Identifier: Apache-2.0 */
/* Files of one bank for another that is being written (write.h). */
#ifndef VISOR_BANK_COPY_H
#define VISOR_BANK_COPY_H

#include "write.h"

/* Sizes of the first n files of a bank whose file system is open, in the order of boot.cfg. */
int bank_copy_sizes(struct fat *fat, const struct bootcfg *cfg, size_t n, uint32_t *sizes,
		    struct err *e);

/* Adds file i as a whole. */
int bank_copy_file(struct fat *fat, const struct bootcfg *cfg, size_t i, struct bank_write *w,
		   struct err *e);

/* Asked after so many bytes; anything but 0 ends the copying, and is returned. */
typedef int bank_pace_fn(void *context, size_t bytes, struct err *e);

/*
 * Writes file i to a descriptor, and compares what was written with its digest, which boot.cfg must
 * have: ERR_CONFLICT. pace may be NULL.
 */
int bank_copy_out(struct fat *fat, const struct bootcfg *cfg, size_t i, int fd, bank_pace_fn *pace,
		  void *context, struct err *e);

#endif
