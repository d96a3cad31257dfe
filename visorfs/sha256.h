/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-256 with the best the host has; see sha256.c. */
#ifndef VISORFS_SHA256_H
#define VISORFS_SHA256_H

#include <linux/kconfig.h>
#include <linux/types.h>

/* Whether the kernel has the crypto API for it: a small one may not. */
#define VISORFS_HAS_SHASH IS_ENABLED(CONFIG_CRYPTO_HASH2)

struct crypto_shash;

struct visorfs_sha256 {
	struct crypto_shash *tfm; /* NULL: the kernel's library */
};

void visorfs_sha256_open(struct visorfs_sha256 *sha);
void visorfs_sha256_close(struct visorfs_sha256 *sha);
void visorfs_sha256(const struct visorfs_sha256 *sha, const void *data, size_t len, u8 *digest);
bool visorfs_sha256_is(const struct visorfs_sha256 *sha, const void *data, size_t len,
		       const u8 *digest);

#endif
