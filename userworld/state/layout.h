/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes of the store of state on a medium, a contract: docs/media.md, "State". */
#ifndef VISOR_STATE_LAYOUT_H
#define VISOR_STATE_LAYOUT_H

#include <stdint.h>

#define STATE_SLOT (256u << 10)		/* bytes of a slot */
#define STATE_RECORD_AGAIN (128u << 10) /* where slot 0 has its record a second time */
#define STATE_BLOCK 4096		/* bytes of the record, and of a generation's header */
#define STATE_SUM 32			/* bytes of SHA-256 and HMAC-SHA256 */
#define STATE_ID 16			/* bytes of a store's identity */
#define STATE_KEY 32			/* bytes of its key */
#define STATE_SLOTS_MIN 8		/* of a store; less has no room for a history */
#define STATE_SLOTS_MAX 65536

/* What this program's state files mean; docs/media.md says when it grows. */
#define STATE_FORMAT 1

/* Numbers on the medium are little endian, at any offset. */
static inline uint32_t state_get32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t state_get64(const uint8_t *p)
{
	return state_get32(p) | (uint64_t)state_get32(p + 4) << 32;
}

static inline void state_put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static inline void state_put64(uint8_t *p, uint64_t v)
{
	state_put32(p, (uint32_t)v);
	state_put32(p + 4, (uint32_t)(v >> 32));
}

#endif
