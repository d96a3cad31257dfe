/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Numbers as formats have them on a medium or in a file: little endian, at any address. */
#ifndef TARDISK_LE_H
#define TARDISK_LE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

static inline uint32_t le_get16(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t le_get32(const uint8_t *p)
{
	return le_get16(p) | le_get16(p + 2) << 16;
}

static inline uint64_t le_get64(const uint8_t *p)
{
	return le_get32(p) | (uint64_t)le_get32(p + 4) << 32;
}

static inline void le_put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void le_put32(uint8_t *p, uint32_t v)
{
	le_put16(p, v);
	le_put16(p + 2, v >> 16);
}

static inline void le_put64(uint8_t *p, uint64_t v)
{
	le_put32(p, (uint32_t)v);
	le_put32(p + 4, (uint32_t)(v >> 32));
}

/* For a list of fields: returns where the next one goes. */
static inline uint8_t *le_append32(uint8_t *p, uint32_t v)
{
	le_put32(p, v);
	return p + 4;
}

static inline uint8_t *le_append64(uint8_t *p, uint64_t v)
{
	le_put64(p, v);
	return p + 8;
}

#endif
