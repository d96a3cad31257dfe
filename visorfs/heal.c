// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding one flipped bit with nothing but the digest of what was there: each
 * bit is flipped back in turn. A chunk of 64 KiB has half a million of them,
 * which takes a processor some 10 to 60 seconds: a fair price for something
 * that happens once in a machine's life, and no memory is spent for it.
 */
#include <crypto/hash.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "internal.h"

#define BLOCK 64u /* bytes of a step of SHA-256 */

/* The hash with the bit flipped, from the block of the bit on; before is the state up to there. */
static bool is_bit(struct shash_desc *desc, const void *before, u8 *from, u32 left, u32 bit,
		   const u8 *digest)
{
	u8 got[TARDISK_DIGEST];
	int ret;

	from[bit / 8] ^= 1 << bit % 8;
	ret = crypto_shash_import(desc, before) ?: crypto_shash_finup(desc, from, left, got);
	from[bit / 8] ^= 1 << bit % 8;
	return !ret && !memcmp(got, digest, sizeof(got));
}

static int search(struct shash_desc *desc, void *before, u8 *data, u32 len, const u8 *digest,
		  u32 *bit)
{
	int ret = crypto_shash_init(desc);
	u32 at, i;

	for (at = 0; at < len && !ret; at += BLOCK) {
		u32 left = len - at;

		ret = crypto_shash_export(desc, before);
		for (i = 0; i < min(left, BLOCK) * 8 && !ret; i++) {
			if (is_bit(desc, before, data + at, left, i, digest)) {
				*bit = at * 8 + i;
				return 0;
			}
			cond_resched();
		}
		try_to_freeze();
		if (kthread_should_stop())
			return -EINTR;
		if (!ret)
			ret = crypto_shash_import(desc, before) ?:
			      crypto_shash_update(desc, data + at, min(left, BLOCK));
	}
	return ret ?: -ENOENT;
}

/* The one bit of data without which it has the digest. -ENOENT, or -EINTR if told to stop. */
int visorfs_find_bit(const struct visorfs_sha256 *sha, u8 *data, u32 len, const u8 *digest,
		     u32 *bit)
{
	struct shash_desc *desc;
	void *before;
	int ret = -ENOMEM;

	if (!VISORFS_HAS_SHASH || !sha->tfm)
		return -ENOENT;
	desc = kzalloc(sizeof(*desc) + crypto_shash_descsize(sha->tfm), GFP_KERNEL);
	before = kzalloc(crypto_shash_statesize(sha->tfm), GFP_KERNEL);
	if (desc && before) {
		desc->tfm = sha->tfm;
		ret = search(desc, before, data, len, digest, bit);
	}
	kfree(desc);
	kfree(before);
	return ret;
}
