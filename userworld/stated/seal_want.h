/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the next save seals the store's key: a decision, without looking at anything. */
#ifndef STATED_SEAL_WANT_H
#define STATED_SEAL_WANT_H

#include <stdbool.h>

#include "err.h"

enum seal_wish {
	SEAL_WISH_AUTO, /* nothing was said: sealed if there is a TPM */
	SEAL_WISH_OFF,	/* visoros.seal=off: in the clear */
	SEAL_WISH_TPM,	/* =tpm: as nothing, but not bound to Secure Boot any more */
	SEAL_WISH_PCR7, /* =pcr7: bound to what Secure Boot trusts, too */
};

struct seal_view {
	enum seal_wish wish;
	bool tpm;    /* the host has one */
	bool trial;  /* the image may be rolled back to one that cannot read a sealed store */
	bool failed; /* the TPM refused already */
	bool sealed; /* the store is; a blank medium's is not */
	bool pcr7;   /* bound to it, if sealed */
};

enum seal_want {
	SEAL_LEAVE, /* the store as it is, in the clear on a blank medium */
	SEAL_TPM,
	SEAL_PCR7,
	SEAL_CLEAR,
};

/* The value of visoros.seal. ERR_INVALID: no such value, and *wish is as if nothing was said. */
int seal_wish_read(const char *value, enum seal_wish *wish, struct err *e);

enum seal_want seal_want(const struct seal_view *v);

#endif
