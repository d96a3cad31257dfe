/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Header areas of tardisks out of the inputs of a fuzzer. */
#ifndef TESTS_FUZZ_HEADERS_H
#define TESTS_FUZZ_HEADERS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The bytes as a header area, in memory of its exact size, which the caller frees:
 * checksums are put right, or no change would get past them, and it gets the
 * size it states, with zeros at its end, or hardly an input would have the right one.
 */
unsigned char *header_area_of(const uint8_t *data, size_t size, size_t *len);

#endif
