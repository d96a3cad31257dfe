// SPDX-License-Identifier: GPL-2.0-only
/*
 * SHA-256 by the kernel's crypto API, which picks what the processor does
 * best among the modules that are loaded; by the plain one of the kernel's
 * library where there is no such API.
 */
#include <crypto/hash.h>
#include <crypto/sha2.h>
#include <linux/err.h>

#include "sha256.h"

/* Vector instructions keep the processor from being preempted for one step. */
#define STEP (64u << 10)

/* Chosen anew by each who opens it: a better module may have been loaded meanwhile. */
void visorfs_sha256_open(struct visorfs_sha256 *sha)
{
	struct crypto_shash *tfm = VISORFS_HAS_SHASH ? crypto_alloc_shash("sha256", 0, 0) : NULL;

	sha->tfm = IS_ERR(tfm) ? NULL : tfm;
}

void visorfs_sha256_close(struct visorfs_sha256 *sha)
{
	if (VISORFS_HAS_SHASH && sha->tfm)
		crypto_free_shash(sha->tfm);
	sha->tfm = NULL;
}

static int by_api(struct crypto_shash *tfm, const u8 *data, size_t len, u8 *digest)
{
	SHASH_DESC_ON_STACK(desc, tfm);
	int ret;

	desc->tfm = tfm;
	ret = crypto_shash_init(desc);
	for (; !ret && len > STEP; data += STEP, len -= STEP) {
		ret = crypto_shash_update(desc, data, STEP);
		cond_resched();
	}
	if (!ret)
		ret = crypto_shash_finup(desc, data, len, digest);
	shash_desc_zero(desc);
	return ret;
}

/* May be called by several threads at once. */
void visorfs_sha256(const struct visorfs_sha256 *sha, const void *data, size_t len, u8 *digest)
{
	if (!VISORFS_HAS_SHASH || !sha->tfm || by_api(sha->tfm, data, len, digest))
		sha256(data, len, digest);
}

bool visorfs_sha256_is(const struct visorfs_sha256 *sha, const void *data, size_t len,
		       const u8 *digest)
{
	u8 got[SHA256_DIGEST_SIZE];

	visorfs_sha256(sha, data, len, got);
	return !memcmp(got, digest, sizeof(got));
}
