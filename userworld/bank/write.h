/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new image into a bank that is not running, as a stream: the bank's state becomes 3 first, its
 * files are written where the new file system will have them, then the file system, and everything
 *is read back and compared. Only then does the 3 become what was asked for, by one byte.
 *
 *	bank_write_start(&w, io, &cfg, sizes, e)	cfg with digests; is there room?
 *	for each file, kernel first: bank_write_add(w, data, len, e) until it is whole
 *	bank_write_end(w, state, e)
 *	bank_write_free(w)
 *
 * Killed or cut off at any moment: a bank that does not count or is in state 3, until
 * bank_write_end() writes its last byte. Memory: two buffers of BLKIO_BUFFER bytes and the tables.
 */
#ifndef VISOR_BANK_WRITE_H
#define VISOR_BANK_WRITE_H

#include "bank.h"
#include "err.h"

struct bank_write;

/*
 * Is there room in a bank of that many bytes for the files? ERR_NO_SPACE says how much is
 * missing. sizes: of the kernel, then of each module.
 */
int bank_write_fits(uint64_t size, unsigned int sector, const struct bootcfg *cfg,
		    const uint32_t *sizes, struct err *e);

/*
 * Makes the bank invalid and begins. io stays the caller's, cfg is copied; its state does not
 * matter. Refuses before it changes anything what does not fit.
 */
int bank_write_start(struct bank_write **w, struct blkio *io, const struct bootcfg *cfg,
		     const uint32_t *sizes, struct err *e);

/* The next bytes. ERR_INVALID if they are more than were announced. */
int bank_write_add(struct bank_write *w, const void *data, size_t len, struct err *e);

/*
 * Finishes: ERR_INVALID if bytes are missing, or if what is read back has not the digests. to is
 * BANK_UPGRADING; BANK_VALID is for a medium that is made anew.
 */
int bank_write_end(struct bank_write *w, int to, struct err *e);

/* NULL is fine. */
void bank_write_free(struct bank_write *w);

#endif
