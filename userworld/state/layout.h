/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes of the store of state on a medium, a contract: docs/media.md, "State". */
#ifndef VISOR_STATE_LAYOUT_H
#define VISOR_STATE_LAYOUT_H

#include <stdint.h>

#include "tardisk/le.h"

#define STATE_SLOT (256u << 10)		/* bytes of a slot */
#define STATE_RECORD_AGAIN (128u << 10) /* where slot 0 has its record a second time */
#define STATE_BLOCK 4096		/* bytes of the record, and of a generation's header */
#define STATE_SUM 32			/* bytes of SHA-256 and HMAC-SHA256 */
#define STATE_ID 16			/* bytes of a store's identity */
#define STATE_KEY 32			/* bytes of its key */
#define STATE_NONCE 12			/* bytes of the number that a payload is encrypted with */
#define STATE_TAG 16			/* bytes that authenticate an encrypted payload */
#define STATE_SEALED_MAX 1024		/* bytes of a sealed key in the record */
#define STATE_SLOTS_MIN 8		/* of a store; less has no room for a history */
#define STATE_SLOTS_MAX 65536

/* Where a slot begins, in bytes. */
static inline uint64_t state_slot_at(uint32_t slot)
{
	return (uint64_t)slot * STATE_SLOT;
}

/* What this program's state files mean; docs/media.md says when it grows. */
#define STATE_FORMAT 1

#endif
