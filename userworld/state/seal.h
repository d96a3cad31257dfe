/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever keeps the key of a store so that the medium alone does not give it away: a TPM, or a
 * test. What it makes of a key, the sealed object, stands in the store's record.
 */
#ifndef VISOR_STATE_SEAL_H
#define VISOR_STATE_SEAL_H

#include <stddef.h>

#include "err.h"
#include "userworld/state/layout.h"

struct state_seal {
	/* Fills out, at most STATE_SEALED_MAX bytes; returns their number, at least 1. */
	int (*seal)(void *context, const uint8_t key[static STATE_KEY],
		    uint8_t out[static STATE_SEALED_MAX], struct err *e);
	/* The way back. The message says why it is not to be had, and what an operator can do. */
	int (*unseal)(void *context, const uint8_t *object, size_t len,
		      uint8_t key[static STATE_KEY], struct err *e);
	void *context;
};

#endif
