/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store of state on a block device (docs/media.md): opens it, finds its generations, reads
 * one, adds one. Adding is safe against a cut of the power at any moment: the newest generation
 * that was good stays until the new one is on the medium with all its bytes.
 */
#ifndef VISOR_STATE_STORE_H
#define VISOR_STATE_STORE_H

#include "userworld/medium/blkio.h"
#include "userworld/state/ring.h"

enum state_store_kind {
	STATE_STORE_BLANK, /* nothing is lost if a store is made there */
	STATE_STORE_READY,
};

struct state_store {
	struct blkio *io; /* the caller's; its lifetime is the store's */
	struct state_record record;
	struct state_ring ring;
	bool mend;   /* one of the two records is not as the other: the next append puts it right */
	bool locked; /* after state_store_open() failed: because of the key of a sealed store */
};

/* What is wrong with the medium, for the log; one line without full stop. */
typedef void state_tell(void *context, const char *text);

/*
 * Reads the record and all headers, and writes nothing. *kind says what it is: of a blank one only
 * state_store_make() can make more. seal opens the key of a sealed store (NULL: nobody can).
 * ERR_INVALID: there is something, and it is not to be used (its record is damaged, of a version
 * that is not known, or its key is not to be had: s->locked): whoever knows better may make a
 * store there.
 */
int state_store_open(struct state_store *s, struct blkio *io, const struct state_seal *seal,
		     enum state_store_kind *kind, state_tell *tell, void *context, struct err *e);

/*
 * Makes a new and empty store, with an identity and a key of its own, which seal keeps (NULL: it
 * stands there in the clear); what was there is lost.
 */
int state_store_make(struct state_store *s, struct blkio *io, const struct state_seal *seal,
		     struct err *e);

/* What state_store_open() and state_store_make() begin with. */
int state_store_begin(struct state_store *s, struct blkio *io, struct err *e);

void state_store_close(struct state_store *s);

/*
 * The newest generation that is whole, of a format that is known here. Those above it that are
 * not are told of. 1 with *h and the payload, which belongs to the caller; 0: there is none.
 */
int state_store_newest(const struct state_store *s, struct state_header *h, uint8_t **payload,
		       state_tell *tell, void *context, struct err *e);

/* One of them by number. ERR_NOT_FOUND: it is not (any more) there; ERR_INVALID: it is damaged. */
int state_store_read(const struct state_store *s, uint64_t number, struct state_header *h,
		     uint8_t **payload, struct err *e);

/*
 * Is it still the medium that s was opened from, or came back as it was? Looks at the first record
 * and at one generation (NULL: none). ERR_CONFLICT if not: open it again.
 */
int state_store_same(const struct state_store *s, const struct state_header *h, struct err *e);

/*
 * Writes a generation beside the one to keep (NULL: none). The caller fills h->follows, time,
 * format and texts; the rest is filled in here. After 0 it is on the medium.
 */
int state_store_append(struct state_store *s, const struct state_header *keep,
		       struct state_header *h, const uint8_t *payload, uint32_t size,
		       struct err *e);

/*
 * The same with a new key that seal keeps, or with one in the clear (NULL): the store has only this
 * generation then. A cut of the power leaves the old store or this one. -1: it is as before, unless
 * the medium failed while the record was written.
 */
int state_store_convert(struct state_store *s, const struct state_seal *seal,
			const struct state_header *keep, struct state_header *h,
			const uint8_t *payload, uint32_t size, struct err *e);

/*
 * Zeros over everything that no generation has, if s->record.wipe says that it may be in the
 * clear: after the first generation of a store that was made or converted sealed, again until
 * it returns 0. It reads the whole medium.
 */
int state_store_wipe(struct state_store *s, struct err *e);

#endif
