/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 in steps, by OpenSSL, with this tree's errors. */
#ifndef TARDISK_SHA256_H
#define TARDISK_SHA256_H

#include <stddef.h>

#include "err.h"

#define SHA256_SIZE 32
#define SHA256_HEX 65 /* bytes of the text, NUL included */

struct sha256 {
	void *context;
};

/* clang-format off */
#define SHA256_INIT { NULL }
/* clang-format on */

int sha256_start(struct sha256 *s, struct err *e);
int sha256_add(struct sha256 *s, const void *data, size_t len, struct err *e);
int sha256_end(struct sha256 *s, char hex[SHA256_HEX], struct err *e); /* lower case */
void sha256_free(struct sha256 *s);

/* Of bytes in memory; -1 if OpenSSL has no SHA-256. Threads may do this side by side. */
int sha256_of(const void *data, size_t len, unsigned char digest[SHA256_SIZE]);
void sha256_text(const unsigned char digest[SHA256_SIZE], char hex[SHA256_HEX]);

/* Of a whole file, read with pread(2) from offset 0; size and text. name is for messages. */
int sha256_file(int fd, const char *name, unsigned long long *size, char hex[SHA256_HEX],
		struct err *e);

#endif
