/* SPDX-License-Identifier: Apache-2.0 */
/* A small bundle in memory, for tests to read and to break. */
#ifndef TESTS_BUNDLE_SAMPLE_H
#define TESTS_BUNDLE_SAMPLE_H

#include "tardisk/bundle.h"

struct bytes {
	char *data;
	size_t len;
	size_t pos;	/* for bytes_read() */
	size_t fail_at; /* bytes_read() gives EIO there; 0: never */
};

/* bundle_read_fn over bytes, 7 to 4096 at a time. */
ssize_t bytes_read(void *context, void *buf, size_t size);

/* A bundle of two payloads, "one.v00" of 5000 and "two.v01" of 4095 bytes; data belongs to the
 * caller. Payloads are no tardisks. */
struct bytes sample_bundle(void);

/* Reads a bundle from first to last byte as an installer does. 0, or -1 with *e. */
int read_whole(struct bytes *b, struct err *e);

/* The whole file of a descriptor; belongs to the caller. */
struct bytes bytes_of_fd(int fd);

#endif
