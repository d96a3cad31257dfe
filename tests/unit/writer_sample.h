/* SPDX-License-Identifier: Apache-2.0 */
/* Tardisks by the writer, for tests; every descriptor is the caller's to close. */
#ifndef TESTS_UNIT_WRITER_SAMPLE_H
#define TESTS_UNIT_WRITER_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "tests/unit/tar_sample.h"

/* An open file without a name. */
int temporary(void);

/* The tree of tar_sample.h. */
int write_sample(void);

/* A file of 2.5 MiB that cannot be compressed, and 3000 names: several frames in both areas. */
int write_big(uint32_t frame);

/* A tardisk from a header area and data that no writer would make. */
int write_raw(const struct tar_sample *s, const void *data, size_t len);

/* The bytes of a file; the caller frees. */
char *bytes_of(int fd, size_t *len);

/* tardisk_check() of an open file that is called "sample". */
int check(int fd, struct err *e);

#endif
