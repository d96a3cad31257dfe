// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys that are trusted: certificates compiled in (anchors.h, made by the
 * build), in one keyring for each level. Nobody can add to the keyrings, change
 * their permissions or find them by name; that they can be looked at does no
 * harm. Of a certificate nothing but its key counts: the kernel does not ask
 * for how long it is valid, as it may not know what time it is.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <crypto/pkcs7.h>
#include <crypto/sha2.h>
#include <keys/asymmetric-type.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "internal.h"

struct anchor {
	u32 level;
	u32 len;
	const u8 *der;
};

/* Without it, as in a build of the module alone, nothing is trusted. */
#ifdef VISORFS_ANCHORS
#include "anchors.h"
#else
static const struct anchor anchors[] = { {} };
#endif

/* Possession is only ours: nobody can link to a keyring without KEY_USR_LINK. */
#define KEYRING_PERM (KEY_POS_SEARCH | KEY_POS_WRITE | KEY_USR_VIEW | KEY_USR_READ)
#define KEY_PERM (KEY_POS_SEARCH | KEY_POS_VIEW | KEY_USR_VIEW)

struct trusted {
	struct key *key; /* with a reference; NULL: not there, or revoked */
	u8 id[TARDISK_DIGEST]; /* SHA-256 of the public key */
};

static struct trusted trusted[ARRAY_SIZE(anchors)];
static struct key *keyrings[TARDISK_LEVELS]; /* none for unsigned */

static int refuse_link(struct key *keyring, const struct key_type *type,
		       const union key_payload *payload, struct key *restriction_key)
{
	return -EPERM;
}

static struct key *make_keyring(u32 level)
{
	struct key_restriction *closed = kzalloc(sizeof(*closed), GFP_KERNEL);
	struct key *keyring;
	char name[40];

	if (!closed)
		return ERR_PTR(-ENOMEM);
	closed->check = refuse_link;
	snprintf(name, sizeof(name), ".visorfs_%s", tardisk_level_name(level));
	keyring = keyring_alloc(name, GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, current_cred(),
				KEYRING_PERM, KEY_ALLOC_NOT_IN_QUOTA | KEY_ALLOC_SET_KEEP, closed,
				NULL);
	if (IS_ERR(keyring))
		kfree(closed);
	return keyring;
}

static int add_key(const struct anchor *a, struct trusted *t)
{
	struct tardisk_certificate c;
	const char *fault = tardisk_certificate_init(&c, a->der, a->len);
	key_ref_t ref;

	if (fault) {
		pr_err("trust: %s: %s that was compiled in\n", tardisk_level_name(a->level), fault);
		return -EINVAL;
	}
	sha256(c.key, c.key_len, t->id);
	ref = key_create_or_update(make_key_ref(keyrings[a->level], true), "asymmetric", NULL,
				   a->der, a->len, KEY_PERM,
				   KEY_ALLOC_NOT_IN_QUOTA | KEY_ALLOC_BYPASS_RESTRICTION);
	if (IS_ERR(ref)) {
		pr_err("trust: %s: a certificate that was compiled in is not taken, error %ld\n",
		       tardisk_level_name(a->level), PTR_ERR(ref));
		return PTR_ERR(ref);
	}
	t->key = key_ref_to_ptr(ref);
	return 0;
}

int visorfs_keys_init(void)
{
	u32 i;

	if (!VISORFS_HAS_TRUST)
		return 0;
	for (i = TARDISK_COMMUNITY; i < TARDISK_LEVELS; i++) {
		keyrings[i] = make_keyring(i);
		if (IS_ERR(keyrings[i])) {
			int ret = PTR_ERR(keyrings[i]);

			keyrings[i] = NULL;
			visorfs_keys_exit();
			return ret;
		}
	}
	/* One that cannot be used is missed where it is needed; the host starts without it. */
	for (i = 0; i < ARRAY_SIZE(anchors); i++)
		if (anchors[i].len)
			add_key(&anchors[i], &trusted[i]);
	return 0;
}

void visorfs_keys_exit(void)
{
	u32 i;

	if (!VISORFS_HAS_TRUST)
		return;
	for (i = 0; i < ARRAY_SIZE(trusted); i++)
		key_put(trusted[i].key);
	for (i = 0; i < TARDISK_LEVELS; i++)
		key_put(keyrings[i]);
}

u32 visorfs_keys_count(void)
{
	u32 count = 0, i;

	for (i = 0; i < ARRAY_SIZE(trusted); i++)
		count += !!trusted[i].key;
	return count;
}

/* The highest level whose keys the signer's certificates lead to; unsigned if to none. */
u32 visorfs_keys_level(struct pkcs7_message *cms)
{
	u32 level = VISORFS_HAS_TRUST ? TARDISK_LEVELS - 1 : TARDISK_UNSIGNED;

	for (; level; level--)
		if (!pkcs7_validate_trust(cms, keyrings[level]))
			break;
	return level;
}

/* The caller holds visorfs_trust_lock for writing. */
void visorfs_keys_revoke(const u8 *id)
{
	u32 i;

	for (i = 0; VISORFS_HAS_TRUST && i < ARRAY_SIZE(trusted); i++) {
		if (!trusted[i].key || memcmp(trusted[i].id, id, TARDISK_DIGEST))
			continue;
		key_unlink(keyrings[anchors[i].level], trusted[i].key);
		key_put(trusted[i].key);
		trusted[i].key = NULL;
	}
}

/* "LEVEL ID" of each; the caller holds visorfs_trust_lock. */
ssize_t visorfs_keys_show(char *buf)
{
	ssize_t len = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(trusted); i++)
		if (trusted[i].key)
			len += sysfs_emit_at(buf, len, "%s %32phN\n",
					     tardisk_level_name(anchors[i].level), trusted[i].id);
	return len;
}
